package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
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
        Optional<LogEvent> event = Stream.of("page-checksum", "page-corrupt", "wal-invalid-pages")
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .findFirst();
        List<ChecksumFailures> failures = View.standby(facts)
                .flatMap(view -> view.checksumFailures().value())
                .orElse(List.of());
        if (event.isEmpty() && failures.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby").seen(event.map(each -> View.sign(facts, each)));
        failures.forEach(failure -> finding.seen(
                "pg_stat_database of the standby",
                "%d page checksum failures in database \"%s\"".formatted(failure.count(), failure.database())));
        return List.of(finding.remedy(Reseed.remedy(facts)).says("Pages of the standby's data are damaged"));
    }
}
