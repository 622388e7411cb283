package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is wrong with a playbook, collected so that all of it is said at once. */
final class Problems {
    private static final int MOST = 20;
    private static final int LONGEST_QUOTE = 60;

    private record Problem(SourcePosition position, String text) {}

    private final List<Problem> problems = new ArrayList<>();

    /** @param text what is wrong, then what was expected, after a comma */
    void add(SourcePosition position, String text) {
        problems.add(new Problem(position, text));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Throws if there is a problem: the first is the message, the others are the detail. */
    void throwIfAny(ErrorCode code) {
        if (problems.isEmpty()) {
            return;
        }
        List<String> lines = problems.stream()
                .sorted(Comparator.comparingInt(
                                (Problem problem) -> problem.position().line())
                        .thenComparingInt(problem -> problem.position().column()))
                .map(problem -> problem.position() + ": " + problem.text())
                .distinct()
                .toList();
        UnderstudyException.Builder error = UnderstudyException.of(code, "%s", lines.get(0));
        if (lines.size() > 1) {
            String more = lines.size() > MOST ? "\nand " + (lines.size() - MOST) + " more" : "";
            error.detail("%s%s", String.join("\n", lines.subList(1, Math.min(MOST, lines.size()))), more);
        }
        throw error.build();
    }

    /** A piece of somebody's text in double quotes: one line, printable, not long, without passwords. */
    static String quoted(String text) {
        String safe = Secrets.strip(text);
        boolean whole = safe.codePointCount(0, safe.length()) <= LONGEST_QUOTE;
        String start = whole ? safe : safe.substring(0, safe.offsetByCodePoints(0, LONGEST_QUOTE));
        return "\"" + printable(start) + (whole ? "\"" : "...\"");
    }

    /** A text on one line, with nothing in it that a terminal obeys. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean printable = !Character.isISOControl(c)
                    && type != Character.FORMAT
                    && type != Character.SURROGATE
                    && type != Character.UNASSIGNED;
            shown.appendCodePoint(printable ? c : '?');
        });
        return shown.toString();
    }

    /** {@code  (did you mean "x"?)}, or nothing if no known name is near. */
    static String nearest(String wanted, Collection<String> known) {
        Optional<String> best = known.stream()
                .filter(name -> distance(wanted, name) <= Math.max(2, name.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(wanted, name))
                        .thenComparing(Comparator.naturalOrder()));
        return best.map(name -> " (did you mean \"" + name + "\"?)").orElse("");
    }

    static String oneOf(Collection<String> known) {
        return known.isEmpty() ? "none at all" : "one of: " + String.join(", ", known);
    }

    /** Levenshtein's; texts of very different length are simply far apart. */
    private static int distance(String left, String right) {
        if (Math.abs(left.length() - right.length()) > 8) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
