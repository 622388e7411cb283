package dev.understudy.promotion;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/** Makes a verdict of facts: all checks, under a policy. */
public final class Promotion {
    private Promotion() {}

    public static Verdict examine(PromotionFacts facts, Policy policy) {
        return new Verdict(
                Certificate.of(facts),
                CheckCatalogue.all().stream()
                        .map(check -> examine(check, facts, policy))
                        .toList());
    }

    private static CheckResult examine(PromotionCheck check, PromotionFacts facts, Policy policy) {
        return policy.skips(check.id())
                ? CheckResult.skipped(check.id(), "left out by the policy")
                : check.examine(facts, policy);
    }
}
