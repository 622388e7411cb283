package dev.understudy.promotion.check;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.postgres.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What one check says.
 *
 * @param id the check's, stable
 * @param result what it comes to
 * @param summary one sentence without a full stop; why, if it was skipped
 * @param evidence what it rests on; empty only if it was skipped
 * @param remedy what to do, best a command; empty if nothing is to be done
 * @param figures measured numbers by name, the unit in the name; for monitoring
 */
public record CheckResult(
        String id, Result result, String summary, List<Sign> evidence, String remedy, Map<String, Long> figures) {
    public CheckResult {
        evidence = List.copyOf(evidence);
        figures = new LinkedHashMap<>(figures);
        if (evidence.isEmpty() && result != Result.SKIPPED) {
            throw new IllegalArgumentException("result of " + id + " has no evidence");
        }
    }

    /** Not looked at, and why. */
    public static CheckResult skipped(String id, String why) {
        return new CheckResult(id, Result.SKIPPED, why, List.of(), "", Map.of());
    }

    /** The result of a fact, or skipped with the reason why it is not known. */
    public static <T> CheckResult of(String id, Known<T> fact, Function<T, CheckResult> judge) {
        return fact.match(judge, reason -> skipped(id, reason));
    }

    /** The result of two facts, or skipped with the reason why the first unknown one is not known. */
    public static <T, U> CheckResult of(
            String id, Known<T> first, Known<U> second, BiFunction<T, U, CheckResult> judge) {
        return of(id, first, one -> of(id, second, other -> judge.apply(one, other)));
    }

    public static Builder builder(String id) {
        return new Builder(id);
    }

    /** Collects evidence, and ends with what it comes to. */
    public static final class Builder {
        private final String id;
        private final List<Sign> evidence = new ArrayList<>();
        private final Map<String, Long> figures = new LinkedHashMap<>();

        private Builder(String id) {
            this.id = id;
        }

        public Builder seen(String source, String detail) {
            evidence.add(new Sign(source, detail));
            return this;
        }

        public Builder seen(Optional<Sign> sign) {
            sign.ifPresent(evidence::add);
            return this;
        }

        /** @param name with its unit: {@code replay_lag_bytes} */
        public Builder figure(String name, long value) {
            figures.put(name, value);
            return this;
        }

        public CheckResult pass(String summary) {
            return new CheckResult(id, Result.PASS, summary, evidence, "", figures);
        }

        public CheckResult warn(String summary, String remedy) {
            return new CheckResult(id, Result.WARN, summary, evidence, remedy, figures);
        }

        public CheckResult fail(String summary, String remedy) {
            return new CheckResult(id, Result.FAIL, summary, evidence, remedy, figures);
        }
    }
}
