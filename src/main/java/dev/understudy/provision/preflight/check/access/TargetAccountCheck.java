package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.route.Route;

/** A check that the standby's machine can be used, and that its account can run a server there: PostgreSQL refuses root. */
@CheckInfo(id = "target-account", summary = "The standby's machine answers and its account may run a server")
public final class TargetAccountCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target()
                .match(
                        this::judge,
                        reason -> facts.intent().route() == Route.COMMAND ? notYet(reason) : unreachable(reason));
    }

    private PreflightResult notYet(String reason) {
        return warn("the standby's machine does not answer: %s", reason)
                .hint("That is right where a hook makes the machine; every other check of the target is left out.");
    }

    private PreflightResult unreachable(String reason) {
        return fail("cannot look at the standby's machine: %s", reason)
                .hint("Try ssh to it as the same user; every other check of the target waits for this one.");
    }

    private PreflightResult judge(TargetFacts target) {
        if (target.account().isRoot()) {
            return fail(
                            "the standby would run as root on host %s, and PostgreSQL refuses that",
                            target.machine().name())
                    .hint("Name the account that owns PostgreSQL there, usually \"postgres\".");
        }
        return pass(
                "the standby will belong to account \"%s\" (uid %d) on host %s",
                target.account().name(),
                target.account().uid(),
                target.machine().name());
    }
}
