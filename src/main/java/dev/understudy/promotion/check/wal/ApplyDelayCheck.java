package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.check.RecoverySettings;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/** Replay that is held back on purpose. */
public final class ApplyDelayCheck implements PromotionCheck {
    private static final String ID = "apply-delay";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, RecoverySettings.find(facts, "recovery_min_apply_delay"), ApplyDelayCheck::judge);
    }

    private static CheckResult judge(Sign delay) {
        CheckResult.Builder result = CheckResult.builder(ID).seen(delay.source(), delay.detail());
        return RecoverySettings.isZero(delay)
                ? result.pass("Replay is not delayed on purpose")
                : result.warn(
                        "Replay is delayed on purpose: a promotion replays at once what was held back",
                        "If that is not wanted, take recovery_min_apply_delay away and let it catch up first");
    }
}
