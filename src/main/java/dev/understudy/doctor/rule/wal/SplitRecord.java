package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A record that begins in a segment that is at hand and ends in one that is not.
 *
 * @param facts what was seen
 * @param control pg_control of the standby
 * @param tail the reading of the WAL that ended there
 */
record SplitRecord(Facts facts, ControlFile control, WalTail tail) {
    private WalSegment first() {
        return WalSegment.containing(tail.timeline(), tail.end().lsn(), control.walSegmentSize());
    }

    Finding finding(String id) {
        Builder finding = Finding.error(id, "standby")
                .seen(
                        "pg_control",
                        "minimum recovery ending location %s, state \"%s\""
                                .formatted(
                                        control.minRecoveryPoint(),
                                        control.state().words()))
                .seen(
                        "WAL",
                        "the record at %s begins in %s and continues in %s"
                                .formatted(tail.end().lsn(), first(), tail.nextSegment()));
        List.of(first().name(), tail.nextSegment()).forEach(segment -> finding.seen(segment, places(segment)));
        Stream.of("wal-segment-removed", "waiting-for-wal", "wal-contrecord")
                .map(event -> View.event(facts, event))
                .flatMap(Optional::stream)
                .findFirst()
                .map(event -> View.sign(facts, event))
                .ifPresent(sign -> finding.seen(sign.source(), sign.detail()));
        finding.seen("this version", behaviour());
        addRemedies(finding);
        return finding.says("Replay waits for the rest of the record at %s, which is in %s%s"
                .formatted(tail.end().lsn(), tail.nextSegment(), nowhere() ? ", and that is nowhere" : ""));
    }

    /** Where a segment can be had. */
    private String places(String segment) {
        List<String> places = new ArrayList<>();
        places.add("standby: "
                + View.directory(facts)
                        .flatMap(found -> found.wal().value())
                        .map(wal -> wal.segments().contains(segment)
                                        && tail.segments().stream()
                                                .anyMatch(read -> read.name().equals(segment)
                                                        && read.source().equals("standby"))
                                ? "present"
                                : "gone")
                        .orElse("not known"));
        places.add("archive: " + in(facts.archive(), segment));
        if (facts.receiver().isKnown()) {
            places.add("receiver: " + in(facts.receiver(), segment));
        }
        places.add("primary: "
                + View.primary(facts)
                        .flatMap(view -> view.hasSegment(segment))
                        .map(there -> there ? "present" : "gone")
                        .orElse("not known"));
        return String.join(", ", places);
    }

    private static String in(Known<SegmentDirectory> directory, String segment) {
        return directory
                .value()
                .map(found -> found.has(segment) ? "present" : found.hasPartialOnly(segment) ? "partial" : "gone")
                .orElse("not known");
    }

    private Optional<Boolean> onPrimary() {
        return View.primary(facts).flatMap(view -> view.hasSegment(tail.nextSegment()));
    }

    private boolean nowhere() {
        return onPrimary().map(there -> !there).orElse(false)
                && facts.archive()
                        .value()
                        .map(found -> !found.has(tail.nextSegment()))
                        .orElse(true)
                && facts.receiver()
                        .value()
                        .map(found -> !found.has(tail.nextSegment()))
                        .orElse(true);
    }

    /** The segment that the primary writes now is archived only when it is full or switched. */
    private boolean isCurrentOnPrimary() {
        return View.primary(facts)
                .flatMap(ServerView::end)
                .map(end -> WalSegment.endingAt(tail.timeline(), end, control.walSegmentSize()))
                .filter(segment -> segment.name().equals(tail.nextSegment()))
                .isPresent();
    }

    /** Source: release notes of 9.6.9 and 10.4 (continuation records), 13.5 and 14.1 (overwritten contrecord). */
    private String behaviour() {
        ServerMajor major = control.major();
        String general =
                "PostgreSQL %s restores what it can, then streams from the start of %s; it goes on by itself as soon"
                                .formatted(major, tail.nextSegment())
                        + " as it can stream or restore that segment";
        return major.isAtLeast(ServerMajor.V11)
                ? general
                : general + "; before 9.6.9 and 10.4 a recycled segment in its way can keep it from that";
    }

    private void addRemedies(Builder finding) {
        Optional<Boolean> there = onPrimary();
        if (there.orElse(false) && isCurrentOnPrimary()) {
            Map<String, String> parameters = new TreeMap<>();
            parameters.put("primary", facts.given().primaryOrWord());
            parameters.put("data_directory", facts.given().dataDirectoryOrWord());
            parameters.put("lsn", tail.end().lsn().toString());
            if (!facts.given().host().equals("local")) {
                parameters.put("standby_host", facts.given().host());
            }
            finding.remedy(Remedy.byPlaybook(
                    "switch-wal",
                    "Switch WAL on the primary so that %s is archived, and see replay pass %s"
                            .formatted(tail.nextSegment(), tail.end().lsn()),
                    "switch-wal",
                    parameters,
                    Cost.SECONDS));
        }
        if (there.orElse(false)) {
            finding.remedy(Remedy.byHand(
                    "restore-streaming",
                    "Let the standby stream: the primary has what it needs",
                    "understudy doctor with the standby's --log says what keeps it from streaming",
                    Cost.SECONDS));
        }
        if (nowhere()) {
            finding.remedy(Reseed.remedy(facts));
        }
        if (View.slotName(facts).isEmpty()) {
            finding.remedy(Remedy.byHand(
                    "use-a-slot",
                    "Give the standby a slot, so that the primary keeps what it has not got yet",
                    "SELECT pg_create_physical_replication_slot('NAME', true);  -- and primary_slot_name = 'NAME'",
                    Cost.SECONDS));
        }
        if (!there.isPresent() && !nowhere()) {
            finding.remedy(Remedy.byHand(
                    "give-the-primary",
                    "Give --primary too: where the next segment is decides what helps",
                    "understudy doctor -D %s --primary CONNINFO"
                            .formatted(ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                    Cost.NOTHING));
        }
    }
}
