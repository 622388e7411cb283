package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.TimelineId;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How far a standby has gone on a timeline that its primary has left, where that was, and whether it can be rewound. */
final class Divergence {
    private final Facts facts;
    private final Optional<ControlFile> control;

    Divergence(Facts facts) {
        this.facts = facts;
        this.control = View.directory(facts).flatMap(found -> found.control().value());
    }

    /** Shows the locations on both sides, and says whether pg_rewind can help. */
    void show(Builder finding) {
        control.ifPresent(found -> finding.seen(
                "pg_control",
                "minimum recovery ending location %s on timeline %s, latest checkpoint location %s"
                        .formatted(found.minRecoveryPoint(), found.minRecoveryTimeline(), found.checkpointLsn())));
        control.flatMap(found -> fork(found.timeline()))
                .ifPresent(fork -> finding.seen(
                        fork.getKey(),
                        "its timeline left timeline %s at %s"
                                .formatted(
                                        control.get().timeline(),
                                        fork.getValue()
                                                .switchLsnOf(control.get().timeline())
                                                .orElseThrow())));
        View.primary(facts)
                .ifPresent(view -> finding.seen(
                        "primary",
                        "timeline %s%s"
                                .formatted(
                                        view.identity().timeline(),
                                        view.end()
                                                .map(end -> ", WAL ends at " + end)
                                                .orElse(""))));
        control.ifPresent(found -> finding.seen(
                "pg_rewind",
                mayRewind(found)
                        ? "possible: wal_log_hints or page checksums are on"
                        : "not possible: neither wal_log_hints nor page checksums are on"));
        if (control.filter(Divergence::mayRewind).isPresent()) {
            finding.remedy(rewind());
        }
    }

    /** The newest history at hand that says where a timeline was left. */
    private Optional<Map.Entry<String, TimelineHistory>> fork(TimelineId left) {
        Map<String, String> histories = new TreeMap<>();
        facts.archive().value().map(SegmentDirectory::histories).ifPresent(histories::putAll);
        View.directory(facts)
                .flatMap(found -> found.wal().value())
                .map(WalListing::histories)
                .ifPresent(histories::putAll);
        return histories.entrySet().stream()
                .flatMap(entry -> parse(entry).stream())
                .filter(entry -> entry.getValue().switchLsnOf(left).isPresent())
                .max(Map.Entry.comparingByKey(Comparator.naturalOrder()));
    }

    private static Optional<Map.Entry<String, TimelineHistory>> parse(Map.Entry<String, String> file) {
        try {
            return TimelineHistory.timelineOf(file.getKey())
                    .map(timeline ->
                            TimelineHistory.parse(timeline, file.getValue().getBytes(StandardCharsets.UTF_8)))
                    .map(history -> Map.entry(file.getKey(), history));
        } catch (UnderstudyException e) {
            // A damaged history tells nothing of where it forked.
            return Optional.empty();
        }
    }

    /** Source: {@code sanityChecks} in {@code src/bin/pg_rewind/pg_rewind.c}. */
    private static boolean mayRewind(ControlFile control) {
        return control.settings().walLogHints() || control.sizes().dataChecksumVersion() != 0;
    }

    private Remedy rewind() {
        return Remedy.byHand(
                        "pg-rewind",
                        "Stop it cleanly and rewind it to the fork; what it has beyond is lost",
                        "pg_rewind -D %s --source-server=%s"
                                .formatted(
                                        ShellQuote.quote(facts.given().dataDirectoryOrWord()),
                                        ShellQuote.quote(facts.given().primaryOrWord())),
                        Cost.MINUTES)
                .losingData();
    }
}
