package dev.understudy.doctor.gather;

import dev.understudy.doctor.archive.HostSegments;
import dev.understudy.doctor.facts.BackupEndFacts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.doctor.facts.WalTail.SegmentCopy;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.pgfile.wal.ResourceManager;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the WAL that is at hand on the standby's host: its own, the archive's, the receiver's. */
public final class WalReading {
    private static final int SHUTDOWN_CHECKPOINT = 0x00;

    /** How much WAL is read at most, in bytes; over SSH less. */
    private static final long LOCAL_BYTES = 2L << 30;

    private static final long REMOTE_BYTES = 256L << 20;

    private final Host host;
    private final Known<WalListing> wal;
    private final Known<SegmentDirectory> archive;
    private final Known<SegmentDirectory> receiver;

    /** @param wal the standby's own WAL directory; {@code archive} and {@code receiver} where else WAL is */
    public WalReading(
            Host host, Known<WalListing> wal, Known<SegmentDirectory> archive, Known<SegmentDirectory> receiver) {
        this.host = host;
        this.wal = wal;
        this.archive = archive;
        this.receiver = receiver;
    }

    /**
     * Reads on from where recovery must come at least. A damaged place before that, from where a start would begin, comes
     * first: a start gets no further.
     */
    Known<WalTail> tail(ControlFile control) {
        boolean minimum = !control.minRecoveryPoint().isInvalid();
        Lsn place = minimum ? control.minRecoveryPoint() : control.redoLsn();
        Known<WalTail> tail = tail(control, place, Optional.empty());
        if (!minimum
                || !control.redoLsn().isBefore(tail.value().map(WalTail::from).orElse(place))) {
            return tail;
        }
        return tail(control, control.redoLsn(), Optional.of(place))
                .value()
                .filter(before -> !before.end().reason().isOrdinary())
                .map(Known::of)
                .orElse(tail);
    }

    private Known<WalTail> tail(ControlFile control, Lsn place, Optional<Lsn> until) {
        WalSegmentSize size = control.walSegmentSize();
        WalTimelines timelines = timelines(control, place);
        Lsn from = WalSegment.endingAt(timelines.newest(), place, size).start();
        WalSources sources = sources(file -> !file.partial());
        try (WalReader reader = WalReader.open(sources, timelines, size, control.systemIdentifier())) {
            Lsn limit = from.plus(limit());
            reader.limitTo(until.filter(limit::isAtLeast).orElse(limit));
            reader.seekFirstFrom(from);
            Lsn last = from;
            Lsn end = from;
            while (reader.next()) {
                last = reader.lsn();
                end = reader.endLsn();
            }
            return Known.of(tail(control, timelines, sources, from, last, end, reader.end()));
        } catch (UnderstudyException e) {
            return Known.unknown(Looking.reason(e));
        }
    }

    private WalTail tail(
            ControlFile control,
            WalTimelines timelines,
            WalSources sources,
            Lsn from,
            Lsn last,
            Lsn endLsn,
            WalEnd end) {
        WalSegmentSize size = control.walSegmentSize();
        WalSegment broken = WalSegment.containing(timelines.newest(), end.lsn(), size);
        boolean goesOn = goesOn(sources, broken);
        String continued = end.text().substring(end.text().lastIndexOf(' ') + 1);
        String next = end.reason() == WalEndReason.RECORD_CONTINUES && WalSegment.isName(continued) ? continued : "";
        List<SegmentCopy> copies = new ArrayList<>();
        for (Map.Entry<String, WalSource> place : sources.places().entrySet()) {
            copy(control, timelines, place.getKey(), place.getValue(), end.lsn())
                    .ifPresent(copies::add);
        }
        return new WalTail(from, timelines.newest(), last, endLsn, end, sources.read(), goesOn, next, copies);
    }

    /**
     * Whether the place that a segment was read from has the next one, too: then the segment was written to its end. Another
     * place may have what was never streamed to this one.
     */
    private static boolean goesOn(WalSources sources, WalSegment segment) {
        return sources.read().stream()
                .filter(read -> read.name().equals(segment.name()))
                .map(read -> sources.places().get(read.source()))
                .filter(Objects::nonNull)
                .anyMatch(place -> isThere(wanted -> WalSources.openWritten(place, wanted), segment.next()));
    }

    private static boolean isThere(WalSource source, WalSegment segment) {
        try (var input = source.open(segment).orElse(null)) {
            return input != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a place has the record at which the reading ended, whole. */
    private Optional<SegmentCopy> copy(
            ControlFile control, WalTimelines timelines, String name, WalSource place, Lsn lsn) {
        WalSegmentSize size = control.walSegmentSize();
        WalSegment segment = WalSegment.containing(timelines.newest(), lsn, size);
        WalSource written = wanted -> WalSources.openWritten(place, wanted);
        if (!isThere(written, segment)) {
            return Optional.empty();
        }
        try (WalReader reader = WalReader.open(written, timelines, size, control.systemIdentifier())) {
            reader.seek(lsn);
            boolean good = reader.next();
            return Optional.of(new SegmentCopy(
                    name,
                    good,
                    good ? "the record at " + lsn + " is whole" : reader.end().toString()));
        }
    }

    /** Looks for the end of the backup that recovery is in; unknown if it is in none. */
    Known<BackupEndFacts> backupEnd(ControlFile control) {
        Lsn start = control.backupStartPoint();
        if (start.isInvalid()) {
            return Known.unknown("pg_control waits for no end of backup");
        }
        WalTimelines timelines = timelines(control, start);
        WalSources sources = sources(file -> true);
        try (WalReader reader =
                WalReader.open(sources, timelines, control.walSegmentSize(), control.systemIdentifier())) {
            reader.limitTo(start.plus(limit()));
            reader.seekFirstFrom(start);
            return Known.of(search(reader, start));
        } catch (UnderstudyException e) {
            return Known.unknown(Looking.reason(e));
        }
    }

    private static BackupEndFacts search(WalReader reader, Lsn start) {
        Optional<Lsn> ours = Optional.empty();
        List<Lsn> foreign = new ArrayList<>();
        List<Lsn> shutdowns = new ArrayList<>();
        while (reader.next()) {
            if (reader.resourceManager() != ResourceManager.XLOG) {
                continue;
            }
            Optional<BackupEnd> end = BackupEnd.find(reader);
            if (end.isPresent() && end.get().startLsn().equals(start)) {
                ours = Optional.of(reader.endLsn());
            } else {
                end.map(BackupEnd::startLsn).ifPresent(foreign::add);
            }
            if ((reader.info() & 0xF0) == SHUTDOWN_CHECKPOINT) {
                shutdowns.add(reader.lsn());
            }
        }
        return new BackupEndFacts(start, ours, foreign, shutdowns, reader.end());
    }

    private long limit() {
        return host.isLocal() ? LOCAL_BYTES : REMOTE_BYTES;
    }

    /** @param taken which files count: a restore_command asks for whole segments by their names */
    private WalSources sources(Predicate<SegmentFile> taken) {
        Map<String, WalSource> places = new LinkedHashMap<>();
        wal.value().ifPresent(found -> places.put("standby", new HostSegments(host, found.path(), found.segments())));
        archive.value().ifPresent(found -> places.put("archive", of(found, taken)));
        receiver.value().ifPresent(found -> places.put("receiver", of(found, taken)));
        return new WalSources(places);
    }

    private WalSource of(SegmentDirectory directory, Predicate<SegmentFile> taken) {
        return new HostSegments(
                host,
                directory.path(),
                directory.files().stream().filter(taken).map(SegmentFile::file).toList());
    }

    /** The newest timeline at hand that recovery can go on to from a place, with the ones before it. */
    public WalTimelines timelines(ControlFile control, Lsn place) {
        TimelineId current = control.minRecoveryTimelineId().orElse(control.timeline());
        Map<String, String> histories = new LinkedHashMap<>();
        archive.value().ifPresent(found -> histories.putAll(found.histories()));
        wal.value().ifPresent(found -> histories.putAll(found.histories()));
        TimelineHistory best = history(histories, current).orElse(TimelineHistory.without(current));
        for (String name : histories.keySet()) {
            Optional<TimelineHistory> candidate =
                    TimelineHistory.timelineOf(name).flatMap(timeline -> history(histories, timeline));
            if (candidate.isPresent()
                    && candidate.get().continuesFrom(current, place)
                    && candidate.get().timeline().compareTo(best.timeline()) > 0) {
                best = candidate.get();
            }
        }
        return best.timelines();
    }

    private static Optional<TimelineHistory> history(Map<String, String> histories, TimelineId timeline) {
        String text = histories.get(TimelineHistory.fileName(timeline));
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(TimelineHistory.parse(timeline, text.getBytes(StandardCharsets.UTF_8)));
        } catch (UnderstudyException e) {
            // A damaged history is a finding of its own; its timeline is read alone.
            return Optional.empty();
        }
    }
}
