package dev.understudy.provision.preflight.check.clone;

import dev.understudy.provision.guard.GuardState;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.Route;

/** A check that a booted clone of the source's machine will not start its server before it is sealed. */
@CheckInfo(id = "clone-guard", summary = "The source's machine has the clone guard")
public final class CloneGuardCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().route() != Route.COMMAND) {
            return skipped("the plan does not leave the copy to somebody else");
        }
        String data = facts.primary()
                .map(primary -> primary.settings().text("data_directory"))
                .orElse("DATADIR");
        return facts.cloning().guard().match(state -> judge(state, data), this::unknown);
    }

    private PreflightResult unknown(String reason) {
        return warn("whether the source has the clone guard cannot be told: %s", reason)
                .hint("It matters where a whole machine is cloned: the clone starts its server by itself.");
    }

    private PreflightResult judge(GuardState state, String data) {
        if (state.isComplete()) {
            return pass(
                            "the clone guard is there: \"%s\" is asked before every start",
                            state.program().orElse(""))
                    .seen(
                            "the machine is recorded in " + state.record().orElse(""),
                            state.service().orElse(""));
        }
        return warn("%s: a clone of the whole machine that boots starts a second primary", missing(state))
                .hint("Install it once, as root on the source: understudy guard -D %s | sh", data)
                .hint("Where only data volumes are snapshotted, nothing boots and it is not needed.");
    }

    private static String missing(GuardState state) {
        if (state.record().isEmpty()) {
            return "the source has no clone guard";
        }
        return state.program().isEmpty()
                ? "the source has a record of its machine, but no clone guard that reads it"
                : "the clone guard \"%s\" is there, but no service asks it"
                        .formatted(state.program().orElse(""));
    }
}
