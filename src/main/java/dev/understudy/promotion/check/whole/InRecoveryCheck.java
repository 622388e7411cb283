package dev.understudy.promotion.check.whole;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/** A server that answers and is in recovery: only such a one can be promoted. */
public final class InRecoveryCheck implements PromotionCheck {
    private static final String ID = "in-recovery";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return facts.standby().match(InRecoveryCheck::judge, InRecoveryCheck::silent);
    }

    private static CheckResult judge(ServerView standby) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_is_in_recovery()",
                        standby.identity().inRecovery()
                                ? "true"
                                : "false, started " + standby.identity().startedAt());
        return standby.identity().inRecovery()
                ? result.pass("The server answers queries and is in recovery")
                : result.fail(
                        "The server is not in recovery: it is a primary already",
                        "Give the standby's connection string with --standby");
    }

    /** Nothing at all is known of a standby that does not answer, which is no reason to promote it. */
    private static CheckResult silent(String reason) {
        return CheckResult.builder(ID)
                .seen("connection to the standby", reason)
                .fail(
                        "The standby does not answer queries",
                        "Find out why with: understudy doctor -D DATADIR --standby CONN");
    }
}
