package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.facts.CatalogFacts.ChecksumFailures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Data pages that cannot be read, or do not match their checksums. */
public final class PageCorruptRule implements Rule {
    private static final String ID = "page-corrupt";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        // The relation's name is worth more than the checksums, where both were said.
        List<LogEvent> events = Stream.of("page-corrupt", "page-checksum", "wal-invalid-pages")
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .toList();
        List<ChecksumFailures> failures = View.standby(facts)
                .flatMap(view -> view.checksumFailures().value())
                .orElse(List.of());
        if (events.isEmpty() && failures.isEmpty()) {
            return List.of();
        }
        boolean old = events.isEmpty() && failures.stream().allMatch(failure -> isBeforeStart(facts, failure));
        Builder finding = old ? Finding.warning(ID, "standby") : Finding.error(ID, "standby");
        events.forEach(event -> finding.seen(Optional.of(View.sign(facts, event))));
        failures.forEach(failure -> finding.seen("pg_stat_database of the standby", describe(failure)));
        if (old) {
            finding.remedy(Remedy.byHand(
                    "reset-statistics",
                    "If the damage has been put right since, or the check finds none, have the count begin anew",
                    "SELECT pg_stat_reset();  -- in that database",
                    Cost.SECONDS));
        }
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says(
                        old
                                ? "Pages of the standby's data were damaged before it was started last"
                                : "Pages of the standby's data are damaged"));
    }

    /** The count outlives a clean restart, and what mends a page. */
    private static boolean isBeforeStart(Facts facts, ChecksumFailures failure) {
        return View.standby(facts)
                .map(view -> view.identity().startedAt())
                .flatMap(start -> failure.last().map(last -> last.isBefore(start)))
                .orElse(false);
    }

    private static String describe(ChecksumFailures failure) {
        return "%d page checksum failures in %s%s"
                .formatted(
                        failure.count(),
                        failure.database().isEmpty() ? "shared tables" : "database \"" + failure.database() + "\"",
                        failure.last().map(last -> ", the last at " + last).orElse(""));
    }
}
