package dev.understudy.provision.preflight.check.primary;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A check that the clocks agree: lag in seconds, recovery to a time and certificates all go by them. */
@CheckInfo(id = "clock-difference", summary = "The clocks of primary, standby and this machine agree")
public final class ClockDifferenceCheck implements PreflightCheck {
    /** Below it, measuring over a network is the larger error. */
    private static final Duration TOLERATED = Duration.ofSeconds(2);

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        Known<Duration> primary = facts.primary().flatMap(found -> found.clockOffset());
        Known<Duration> target = facts.target().flatMap(found -> found.machine().clockOffset());
        Map<String, Duration> offsets = new LinkedHashMap<>();
        primary.value().ifPresent(offset -> offsets.put("the primary's clock", offset));
        target.value().ifPresent(offset -> offsets.put("the standby's machine's clock", offset));
        if (offsets.isEmpty()) {
            return skipped("no clock could be read: " + primary.reason());
        }
        Duration least = smallest(offsets);
        Duration most = largest(offsets);
        Duration spread = most.minus(least);
        PreflightResult result = spread.compareTo(TOLERATED) <= 0
                ? pass("the clocks agree within %d ms", spread.toMillis())
                : warn("the clocks differ by %s", describe(spread))
                        .hint("Set up time synchronisation (chrony, systemd-timesyncd); until then do not trust lag in"
                                + " seconds.");
        for (Map.Entry<String, Duration> each : offsets.entrySet()) {
            result = result.seen(
                    "%s is %d ms from this machine's"
                            .formatted(each.getKey(), each.getValue().toMillis()),
                    "clock read between two readings of ours");
        }
        return result;
    }

    private static String describe(Duration spread) {
        return Amount.duration(spread);
    }

    /** This machine's own clock counts as one more, at 0. */
    private static Duration smallest(Map<String, Duration> offsets) {
        return offsets.values().stream()
                .filter(Duration::isNegative)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Duration largest(Map<String, Duration> offsets) {
        return offsets.values().stream()
                .filter(offset -> !offset.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
