package dev.understudy.plan;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as PostgreSQL's settings write them. */
final class Quantities {
    static final Pattern DURATION = Pattern.compile("([0-9]{1,12})\\s*(ms|s|min|m|h|d)");
    static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*([Bb]|[kK][Bb]|[mM][Bb]|[gG][Bb]|[tT][Bb])");

    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Map<String, Integer> SHIFTS = Map.of("b", 0, "kb", 10, "mb", 20, "gb", 30, "tb", 40);

    private Quantities() {}

    /** A duration above zero and below a hundred years. */
    static Optional<Duration> findDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration unit = TIMES.getOrDefault(matcher.group(2), Duration.ZERO);
        Duration duration = unit.multipliedBy(Long.parseLong(matcher.group(1)));
        return duration.isZero() || duration.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(duration);
    }

    /** A number of bytes up to 8 EiB; PostgreSQL's spelling {@code kB} in any case. */
    static Optional<Long> findSize(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        int shift = SHIFTS.getOrDefault(matcher.group(2).toLowerCase(Locale.ROOT), 0);
        return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
    }
}
