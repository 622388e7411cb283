package dev.understudy.promotion.policy;

import dev.understudy.plan.ParameterType;
import java.time.Duration;
import java.util.Optional;

/**
 * A limit that a check compares with, and that a person can move.
 *
 * @param name as on the command line and in a policy file
 * @param kind what it measures; its unit
 * @param standard the value that holds if nobody says another, as a person would write it
 * @param least the lowest value, in the kind's unit
 * @param most the highest value, in the kind's unit
 * @param summary what it limits, one sentence
 */
public record Threshold(String name, Kind kind, String standard, long least, long most, String summary) {
    /** What a threshold measures. */
    public enum Kind {
        /** Bytes; written as {@code 16MB}. */
        SIZE,
        /** Milliseconds; written as {@code 10s}. */
        DURATION,
        /** A number of things. */
        COUNT,
        /** Hundredths of a whole. */
        PERCENT
    }

    public Threshold {
        if (find(name, kind, standard, least, most).isEmpty()) {
            throw new IllegalArgumentException("threshold " + name + " has no valid standard");
        }
    }

    public static Threshold size(String name, String standard, String summary) {
        return new Threshold(name, Kind.SIZE, standard, 0, Long.MAX_VALUE, summary);
    }

    public static Threshold duration(String name, String standard, Duration least, Duration most, String summary) {
        return new Threshold(name, Kind.DURATION, standard, least.toMillis(), most.toMillis(), summary);
    }

    public static Threshold count(String name, long standard, long least, long most, String summary) {
        return new Threshold(name, Kind.COUNT, Long.toString(standard), least, most, summary);
    }

    public static Threshold percent(String name, long standard, String summary) {
        return new Threshold(name, Kind.PERCENT, Long.toString(standard), 0, 100, summary);
    }

    /** The number that a text stands for, in the kind's unit; empty if it is none, or out of bounds. */
    Optional<Long> find(String text) {
        return find(name, kind, text, least, most);
    }

    /** What the standard stands for. */
    long standardNumber() {
        return find(standard).orElseThrow();
    }

    private static Optional<Long> find(String name, Kind kind, String text, long least, long most) {
        Optional<Long> number = switch (kind) {
            case SIZE -> new ParameterType.Size().find(text).map(Long.class::cast);
            case DURATION ->
                new ParameterType.Span().find(text).map(Duration.class::cast).map(Duration::toMillis);
            case COUNT, PERCENT -> text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
        };
        return number.filter(value -> least <= value && value <= most);
    }

    /** What a message says was expected. */
    String expected() {
        return switch (kind) {
            case SIZE -> new ParameterType.Size().expected();
            case DURATION ->
                "a duration from %s to %s with its unit (ms, s, min or m, h, d), such as %s"
                        .formatted(written(least), written(most), standard);
            case COUNT -> "a whole number from " + least + " to " + most;
            case PERCENT -> "a whole number of percent from " + least + " to " + most;
        };
    }

    /** The threshold's row in the page's table. */
    public String row() {
        return "| `%s` | %s | %s | %s | %s |".formatted(name, standard, bound(least), bound(most), summary);
    }

    private String bound(long number) {
        return switch (kind) {
            case SIZE -> number == Long.MAX_VALUE ? "" : number + "B";
            case DURATION -> written(number);
            case COUNT, PERCENT -> Long.toString(number);
        };
    }

    private static String written(long millis) {
        Duration span = Duration.ofMillis(millis);
        if (millis % 86_400_000 == 0) {
            return span.toDays() + "d";
        }
        if (millis % 3_600_000 == 0) {
            return span.toHours() + "h";
        }
        return millis % 1000 == 0 ? span.toSeconds() + "s" : millis + "ms";
    }
}
