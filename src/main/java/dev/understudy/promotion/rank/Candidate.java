package dev.understudy.promotion.rank;

import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A standby with its verdict.
 *
 * @param name its connection string without secrets
 * @param verdict what the checks said
 * @param end end of the WAL that it has; 0/0 if that could not be told
 */
record Candidate(String name, Verdict verdict, Lsn end) {
    /** Go before no-go, then the most WAL: it decides what is lost. Then the fewest failures and warnings. */
    static List<Candidate> rank(List<Candidate> candidates) {
        return candidates.stream()
                .sorted(Comparator.comparing((Candidate each) -> !each.verdict().isGo())
                        .thenComparing(Candidate::end, Comparator.reverseOrder())
                        .thenComparing(each -> each.verdict().count(Result.FAIL))
                        .thenComparing(each -> each.verdict().count(Result.WARN)))
                .toList();
    }

    /** One line for people: go or no-go, how far it is, what failed. */
    String describe() {
        String failed = verdict.of(Result.FAIL).stream().map(CheckResult::id).collect(Collectors.joining(", "));
        String warned = verdict.of(Result.WARN).stream().map(CheckResult::id).collect(Collectors.joining(", "));
        return "%s: %s, has WAL up to %s%s%s"
                .formatted(
                        name,
                        verdict.isGo() ? "go" : "no-go",
                        end,
                        failed.isEmpty() ? "" : "; fails: " + failed,
                        warned.isEmpty() ? "" : "; warns: " + warned);
    }
}
