package dev.understudy.promotion.policy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.ValuesFile;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a standby: thresholds where they differ from their standards, and checks that are left out. In a file:
 *
 * <pre>
 * understudy-policy: 1
 * thresholds:
 *   replay_lag: 64MB
 * skip: [tls-certificates]
 * </pre>
 */
public final class Policy {
    private static final String VERSION_KEY = "understudy-policy";
    private static final String VERSION = "1";
    private static final String THRESHOLDS = "thresholds";
    private static final String SKIP = "skip";

    private final Map<String, Long> moved;
    private final Set<String> skipped;

    private Policy(Map<String, Long> moved, Set<String> skipped) {
        this.moved = Map.copyOf(moved);
        this.skipped = Set.copyOf(skipped);
    }

    /** The standards, and every check. */
    public static Policy standard() {
        return new Policy(Map.of(), Set.of());
    }

    /**
     * Reads a policy file.
     *
     * @param file how messages call it
     * @param checks ids of the checks that there are
     * @throws UnderstudyException {@link ErrorCode#POLICY_INVALID} with line and column of all that is wrong
     */
    public static Policy read(String file, String text, Collection<String> checks) {
        ValuesFile values =
                ValuesFile.read(file, text, "policy", ErrorCode.POLICY_INVALID, List.of(VERSION_KEY, THRESHOLDS, SKIP));
        values.value(VERSION_KEY)
                .ifPresentOrElse(
                        version -> {
                            if (!version.text().equals(VERSION)) {
                                values.refuse(VERSION_KEY, version, VERSION);
                            }
                        },
                        () -> values.miss(VERSION_KEY, "\"" + VERSION_KEY + ": " + VERSION + "\""));
        Map<String, Long> moved = new HashMap<>();
        values.values(THRESHOLDS, names())
                .forEach((name, value) -> threshold(name)
                        .flatMap(threshold -> threshold.find(value.text()))
                        .ifPresentOrElse(
                                number -> moved.put(name, number),
                                () -> values.refuse(
                                        THRESHOLDS + "." + name,
                                        value,
                                        threshold(name).map(Threshold::expected).orElse("a threshold"))));
        Set<String> skipped = Set.copyOf(values.words(SKIP, checks));
        values.complete();
        return new Policy(moved, skipped);
    }

    /**
     * The same with one threshold moved.
     *
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID}
     */
    public Policy with(String name, String text) {
        Threshold threshold = threshold(name)
                .orElseThrow(() -> UnderstudyException.of(ErrorCode.VALUE_INVALID, "unknown threshold \"%s\"", name)
                        .hint("There are: %s.", String.join(", ", names()))
                        .build());
        long number = threshold
                .find(text)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.VALUE_INVALID,
                                "%s: \"%s\" is not valid, expected %s",
                                name,
                                text,
                                threshold.expected())
                        .build());
        Map<String, Long> all = new HashMap<>(moved);
        all.put(name, number);
        return new Policy(all, skipped);
    }

    private static List<String> names() {
        return Thresholds.all().stream().map(Threshold::name).toList();
    }

    private static Optional<Threshold> threshold(String name) {
        return Thresholds.all().stream()
                .filter(threshold -> threshold.name().equals(name))
                .findFirst();
    }

    /** Whether a check is left out. */
    public boolean skips(String check) {
        return skipped.contains(check);
    }

    public long bytes(Threshold threshold) {
        return number(threshold, Threshold.Kind.SIZE);
    }

    public Duration duration(Threshold threshold) {
        return Duration.ofMillis(number(threshold, Threshold.Kind.DURATION));
    }

    public long count(Threshold threshold) {
        return number(threshold, Threshold.Kind.COUNT);
    }

    public long percent(Threshold threshold) {
        return number(threshold, Threshold.Kind.PERCENT);
    }

    private long number(Threshold threshold, Threshold.Kind kind) {
        if (threshold.kind() != kind) {
            throw new IllegalArgumentException("threshold " + threshold.name() + " is no " + kind);
        }
        return moved.getOrDefault(threshold.name(), threshold.standardNumber());
    }
}
