package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.server.facts.WalPositions;
import java.util.List;
import java.util.Optional;

/**
 * A standby that waits for the second half of a record: its first half ends one segment, and the next one is
 * nowhere that the standby can get it.
 */
public final class RecordSplitRule implements Rule {
    private static final String ID = "record-split-across-segments";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<WalTail> tail = View.directory(facts)
                .flatMap(found -> found.walEnd().value())
                .filter(found -> !found.nextSegment().isEmpty());
        Optional<ControlFile> control =
                View.directory(facts).flatMap(found -> found.control().value());
        if (tail.isEmpty() || control.isEmpty() || View.isStreaming(facts) || hasLeftIt(facts, tail.get())) {
            return List.of();
        }
        SplitRecord split = new SplitRecord(facts, control.get(), tail.get());
        return List.of(split.finding(ID));
    }

    /** Whether the standby is seen to have replayed past the record, or to stream. */
    private static boolean hasLeftIt(Facts facts, WalTail tail) {
        boolean past = View.standby(facts)
                .flatMap(view -> view.positions().value())
                .flatMap(WalPositions::replayed)
                .filter(lsn -> tail.end().lsn().isBefore(lsn))
                .isPresent();
        boolean streams = View.standby(facts).isEmpty()
                && View.event(facts, "streaming")
                        .filter(event -> facts.log()
                                .value()
                                .map(log -> log.sinceStart().stream()
                                        .noneMatch(other -> other.lastLine() > event.lastLine()
                                                && !other.severity().equals("LOG")))
                                .orElse(false))
                        .isPresent();
        return past || streams;
    }
}
