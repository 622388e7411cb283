package dev.understudy.promotion.check.whole;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/** A standby of this primary and not of another cluster. */
public final class SystemIdentifierCheck implements PromotionCheck {
    private static final String ID = "system-identifier";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.standby(), facts.primary(), SystemIdentifierCheck::judge);
    }

    private static CheckResult judge(ServerView standby, ServerView primary) {
        SystemIdentifier own = standby.identity().systemIdentifier();
        SystemIdentifier other = primary.identity().systemIdentifier();
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("pg_control_system() of the standby", own.toString())
                .seen("pg_control_system() of the primary", other.toString());
        return own.equals(other)
                ? result.pass("Standby and primary have the same system identifier")
                : result.fail(
                        "The standby has system identifier %s, the primary %s: it is a copy of another cluster"
                                .formatted(own, other),
                        "Give the connection string of the primary that this standby belongs to");
    }
}
