package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.server.survey.ServerSurvey;

/** A check of what the source is: a primary, or a standby, whose backups come with rules of their own. */
@CheckInfo(id = "source-role", summary = "The source is a primary, or a standby whose backup rules can be kept")
public final class SourceRoleCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey source) {
        String seen = "pg_is_in_recovery() = " + source.identity().inRecovery();
        if (!source.identity().inRecovery()) {
            return pass("the server %s is a primary", source.identity().endpoint())
                    .seen(seen, "pg_is_in_recovery()");
        }
        if (!source.settings().isOn("hot_standby")) {
            return fail("the source is a standby that does not answer queries (hot_standby = off)")
                    .seen(seen, "pg_is_in_recovery()");
        }
        if (facts.intent().walWay() == WalWay.STREAM) {
            return fail(
                            "the source is a standby, and way \"%s\" with route \"%s\" needs a primary",
                            facts.intent().walWay().printed(),
                            facts.intent().route().printed())
                    .seen(seen, "pg_is_in_recovery()")
                    .hint("Name the primary as the source, or let a slot keep the WAL: wal: slot.");
        }
        return warn("the source is a standby: the rules for a backup from a standby apply")
                .seen(seen, "pg_is_in_recovery()")
                .hint(
                        "Its backup starts at its last restartpoint, so more WAL is needed; pg_control is copied last and its"
                                + " minimum recovery point is what proves consistency.")
                .hint("Do not promote it and do not switch full_page_writes off on the primary while the copy runs: the"
                        + " backup would be refused at its end.");
    }
}
