package dev.understudy.promotion.gather;

import dev.understudy.doctor.archive.HostSegments;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Looking;
import dev.understudy.doctor.gather.WalReading;
import dev.understudy.host.Host;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.promotion.facts.CatchUp;
import dev.understudy.promotion.facts.StreamFacts;
import dev.understudy.promotion.facts.WalStretch;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.replication.ReplicationSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Measures how far behind the standby is, and reads what it has not replayed yet. */
final class StreamGatherer {
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

    /** Replay goes on while WAL is read, and recycles what it has passed; then the rest is read anew. */
    private static final int ATTEMPTS = 3;

    private final Sight sight;
    private final Facts servers;

    StreamGatherer(Sight sight, Facts servers) {
        this.sight = sight;
        this.servers = servers;
    }

    StreamFacts gather() {
        Known<TimelineId> timeline = sight.onPrimary(session -> new ServerFacts(session).walTimeline());
        return new StreamFacts(
                sight.standby().flatMap(this::catchUp),
                sight.standby().flatMap(this::unreplayed),
                timeline,
                timeline.flatMap(this::history),
                sight.onPrimary(session -> new ReplicationFacts(session).commitOverrides()));
    }

    private Known<CatchUp> catchUp(Session standby) {
        Optional<Lsn> current = sight.onPrimary(session -> new ServerFacts(session).positions())
                .value()
                .flatMap(WalPositions::current);
        return Looking.at(() -> new ServerFacts(standby).positions())
                .flatMap(first -> first.replayed()
                        .map(replayed -> Looking.at(() -> measure(standby, current, first, replayed)))
                        .orElseGet(() -> Known.unknown("the standby has replayed nothing since it was started")));
    }

    private CatchUp measure(Session standby, Optional<Lsn> current, WalPositions first, Lsn replayed) {
        Duration patience = sight.request().patience();
        Lsn target = current.or(first::received).orElse(replayed);
        long began = System.nanoTime();
        WalPositions last = first;
        Optional<Duration> took = Optional.empty();
        boolean waiting = true;
        while (waiting) {
            Duration passed = Duration.ofNanos(System.nanoTime() - began);
            if (last.replayed().filter(lsn -> lsn.isAtLeast(target)).isPresent()) {
                took = Optional.of(passed);
            }
            waiting = took.isEmpty() && !last.replayPaused() && passed.compareTo(patience) < 0;
            if (waiting) {
                LockSupport.parkNanos(POLL_NANOS);
                last = new ServerFacts(standby).positions();
            }
        }
        WalPositions now = last;
        Lsn end = now.replayed()
                .filter(lsn -> now.received().map(lsn::isAtLeast).orElse(true))
                .or(now::received)
                .orElse(replayed);
        return new CatchUp(
                target, current.isPresent(), first.received(), replayed, took, patience, last.replayPaused(), end);
    }

    private Known<String> history(TimelineId timeline) {
        if (timeline.number() == 1) {
            return Known.of("");
        }
        return sight.request()
                .primary()
                .map(conninfo -> Looking.at(() -> {
                    try (ReplicationSession session = ReplicationSession.open(conninfo)) {
                        return new String(session.timelineHistory(timeline), StandardCharsets.UTF_8);
                    }
                }))
                .orElseGet(() -> Known.unknown("no --primary given"));
    }

    private Known<WalStretch> unreplayed(Session standby) {
        return sight.host()
                .flatMap(host -> servers.directory()
                        .flatMap(directory ->
                                directory.control().flatMap(control -> unreplayed(standby, host, directory, control))));
    }

    private Known<WalStretch> unreplayed(Session standby, Host host, DirectoryFacts directory, ControlFile control) {
        Known<WalStretch> stretch = Known.unknown("not read");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            stretch = Looking.at(() -> new ServerFacts(standby).positions())
                    .flatMap(positions -> positions
                            .replayed()
                            .map(from -> Looking.at(() -> read(host, directory, control, from, positions.received())))
                            .orElseGet(() -> Known.unknown("the standby has replayed nothing since it was started")));
            if (stretch.map(WalStretch::intact).orElse(false)) {
                return stretch;
            }
        }
        return stretch;
    }

    /** Where nothing was received by streaming, what there is in the directory counts as received: it is read to its end. */
    private static WalStretch read(
            Host host, DirectoryFacts directory, ControlFile control, Lsn from, Optional<Lsn> received) {
        WalListing listing = FactsGatherer.listWal(host, directory);
        WalReading reading =
                new WalReading(host, Known.of(listing), Known.unknown("not read"), Known.unknown("not read"));
        Lsn to = received.filter(from::isBefore).orElse(from);
        try (WalReader reader = WalReader.open(
                new HostSegments(host, listing.path(), listing.segments()),
                reading.timelines(control, from),
                control.walSegmentSize(),
                control.systemIdentifier())) {
            if (received.isPresent()) {
                reader.limitTo(to);
            }
            reader.seek(from);
            Lsn readTo = from;
            long records = 0;
            while (reader.next()) {
                readTo = reader.endLsn();
                records++;
            }
            boolean intact = received.isPresent()
                    ? reader.end().reason() == WalEndReason.LIMIT
                    : reader.end().reason().isOrdinary();
            return new WalStretch(from, to, readTo, records, reader.end(), intact);
        }
    }
}
