package dev.understudy.report;

import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A verdict as a monitoring plugin prints it: one line, the state first, what is wrong by its ids, and figures behind a
 * bar.
 */
public final class PromotionNagios {
    private PromotionNagios() {}

    /** The states of a plugin, with the status that a plugin exits with. */
    public enum State {
        OK(0),
        WARNING(1),
        CRITICAL(2),
        UNKNOWN(3);

        private final int status;

        State(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public static State state(Verdict verdict) {
        if (!verdict.isGo()) {
            return State.CRITICAL;
        }
        return verdict.count(Result.WARN) > 0 ? State.WARNING : State.OK;
    }

    public static String line(Verdict verdict) {
        List<CheckResult> findings = Stream.concat(verdict.of(Result.FAIL).stream(), verdict.of(Result.WARN).stream())
                .toList();
        String said = findings.stream()
                .map(check -> check.result() + " " + check.id())
                .collect(Collectors.joining(", "));
        return line(
                state(verdict),
                PromotionText.sentence(verdict).toLowerCase(Locale.ROOT) + (said.isEmpty() ? "" : "; " + said),
                figures(verdict));
    }

    /** The line of a check that could not be made. */
    public static String unknown(String message) {
        return line(State.UNKNOWN, message, List.of());
    }

    private static List<String> figures(Verdict verdict) {
        List<String> figures = new ArrayList<>();
        figures.add("failed=" + verdict.count(Result.FAIL));
        figures.add("warned=" + verdict.count(Result.WARN));
        figures.add("skipped=" + verdict.count(Result.SKIPPED));
        verdict.checks().forEach(check -> check.figures().forEach((name, value) -> figures.add(figure(name, value))));
        return figures;
    }

    /** The unit is in the name's end, as the plugin guidelines write it behind the number. */
    private static String figure(String name, long value) {
        if (name.endsWith("_bytes")) {
            return name.substring(0, name.length() - "_bytes".length()) + "=" + value + "B";
        }
        return name.endsWith("_ms")
                ? name.substring(0, name.length() - "_ms".length()) + "=" + value + "ms"
                : name + "=" + value;
    }

    private static String line(State state, String said, List<String> figures) {
        // A bar in the text would begin the figures.
        return "PROMOTION %s - %s%s\n"
                .formatted(
                        state,
                        Printable.line(said).replace('|', '/'),
                        figures.isEmpty() ? "" : " | " + String.join(" ", figures));
    }
}
