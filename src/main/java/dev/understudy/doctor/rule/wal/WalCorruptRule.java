package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.doctor.facts.WalTail.SegmentCopy;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.server.facts.WalPositions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** WAL that is broken before its end: replay stops there, whatever comes behind. */
public final class WalCorruptRule implements Rule {
    private static final String ID = "wal-corrupt";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<WalTail> tail = View.directory(facts)
                .flatMap(found -> found.walEnd().value())
                .filter(found ->
                        !found.end().reason().isOrdinary() && found.end().reason() != WalEndReason.FOREIGN_SYSTEM)
                .filter(found -> mustBeWhole(facts, found));
        if (tail.isEmpty()) {
            return List.of();
        }
        boolean streams = View.isStreaming(facts);
        Builder finding = (streams ? Finding.warning(ID, "standby") : Finding.error(ID, "standby"))
                .seen("WAL", tail.get().end().toString());
        tail.get().segments().stream()
                .reduce((earlier, later) -> later)
                .ifPresent(segment -> finding.seen(segment.source(), "the reading ended in " + segment.name()));
        for (SegmentCopy copy : tail.get().copies()) {
            finding.seen(
                    "copy of the segment in " + copy.source(),
                    copy.good() ? copy.detail() : "broken as well: " + copy.detail());
        }
        Stream.of("wal-crc", "wal-prev", "wal-magic")
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .findFirst()
                .map(event -> View.sign(facts, event))
                .ifPresent(sign -> finding.seen(sign.source(), sign.detail()));
        if (tail.get().copies().stream().anyMatch(SegmentCopy::good)) {
            finding.remedy(Remedy.byHand(
                    "take-the-good-copy",
                    "Stop the standby, set the broken segment aside, and put the good copy in its place",
                    "mv -n PGDATA/pg_wal/SEGMENT /somewhere; cp GOOD/SEGMENT PGDATA/pg_wal/",
                    Cost.RESTART));
        }
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says("The standby's WAL is broken at %s%s: %s"
                        .formatted(
                                tail.get().end().lsn(),
                                streams ? ", which it has passed; it would stop there if it crashed" : "",
                                tail.get().end().text())));
    }

    /**
     * At its end any WAL looks broken: the rest of a page, or of a recycled file. Broken is what lies before a place that
     * is known to have been written: what a standby that was asked before the files were read had replayed by then, what
     * pg_control says, and, unless a receiver writes at this moment, whatever more is behind it.
     */
    private static boolean mustBeWhole(Facts facts, WalTail tail) {
        boolean beforeMinimum = View.directory(facts)
                .flatMap(found -> found.control().value())
                .filter(control -> tail.end().lsn().isBefore(control.minRecoveryPoint()))
                .isPresent();
        boolean beforeReplayed = View.standby(facts)
                .flatMap(view -> view.positions().value())
                .flatMap(WalPositions::replayed)
                .filter(replayed -> tail.end().lsn().isBefore(replayed))
                .isPresent();
        return beforeMinimum || beforeReplayed || (tail.goesOn() && !View.isStreaming(facts));
    }
}
