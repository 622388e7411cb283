package dev.understudy.promotion.check;

import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/**
 * Looks at one thing that decides whether a standby becomes a good primary. A pure function of facts and policy: what the
 * facts do not tell makes it skipped, with their reason, never passed.
 */
public interface PromotionCheck {
    /** Its id, stable. */
    String id();

    CheckResult examine(PromotionFacts facts, Policy policy);
}
