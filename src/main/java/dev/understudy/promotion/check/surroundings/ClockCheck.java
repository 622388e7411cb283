package dev.understudy.promotion.check.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.server.surroundings.ClockReading;
import dev.understudy.server.surroundings.Surroundings;
import java.time.Duration;

/** A clock that goes on where the primary's ends: times in rows, tickets and certificates all go by it. */
public final class ClockCheck implements PromotionCheck {
    private static final String ID = "clock";
    private static final String REMEDY = "Set up time synchronisation (chrony, systemd-timesyncd) on both machines.";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        Known<ClockReading> primary = facts.surroundings().primary().flatMap(Surroundings::clock);
        return CheckResult.of(
                ID,
                facts.surroundings().standby().flatMap(Surroundings::clock),
                standby -> judge(standby, primary, policy));
    }

    private static CheckResult judge(ClockReading standby, Known<ClockReading> primary, Policy policy) {
        CheckResult.Builder result = CheckResult.builder(ID).seen("the standby's clock_timestamp()", describe(standby));
        primary.value().ifPresent(clock -> result.seen("the primary's clock_timestamp()", describe(clock)));
        if (!primary.isKnown()) {
            result.seen("the primary's clock", "not known, compared with this machine's: " + primary.reason());
        }
        ClockReading difference = primary.match(standby::minus, reason -> standby);
        String other = primary.isKnown() ? "the primary's" : "this machine's";
        Duration certain = difference.offset().abs().minus(difference.uncertainty());
        String summary = "The standby's clock is %s %s %s"
                .formatted(
                        Amount.duration(difference.offset().abs()),
                        difference.offset().isNegative() ? "behind" : "ahead of",
                        other);
        result.figure("clock_difference_ms", difference.offset().toMillis());
        if (certain.compareTo(policy.duration(SurroundingsThresholds.CLOCK_DIFFERENCE_MOST)) > 0) {
            return result.fail(summary, REMEDY);
        }
        if (certain.compareTo(policy.duration(SurroundingsThresholds.CLOCK_DIFFERENCE)) > 0) {
            return result.warn(summary, REMEDY);
        }
        return result.pass("The standby's clock agrees with %s".formatted(other));
    }

    private static String describe(ClockReading clock) {
        return "%+d ms from this machine's, give or take %d ms"
                .formatted(
                        clock.offset().toMillis(),
                        clock.uncertainty().plusMillis(1).toMillis());
    }
}
