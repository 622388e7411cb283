package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.TimelineId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A timeline whose history file is nowhere that the standby looks. */
public final class TimelineHistoryMissingRule implements Rule {
    private static final String ID = "timeline-history-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.anyUnresolved(facts, "timeline-history-missing", "timeline-file-missing")
                .map(event -> {
                    Builder finding = Finding.error(ID, "standby").seen(Optional.of(View.sign(facts, event)));
                    String file = event.value(0).endsWith(".history")
                            ? event.value(0)
                            : TimelineHistory.fileName(new TimelineId(Integer.parseUnsignedInt(event.value(0))));
                    Stream.of(facts.archive(), facts.receiver())
                            .flatMap(directory -> directory.value().stream())
                            .forEach(directory -> finding.seen(
                                    directory.path(),
                                    file + (directory.histories().containsKey(file) ? " is there" : " is not there")));
                    return List.of(finding.remedy(Remedy.byHand(
                                    "bring-history-file",
                                    "Copy the file from the primary's pg_wal to the archive, or to the standby's pg_wal",
                                    "cp PGDATA/pg_wal/%s ARCHIVE/".formatted(file),
                                    Cost.SECONDS))
                            .says("History file %s, which the standby needs, is not found".formatted(file)));
                })
                .orElse(List.of());
    }
}
