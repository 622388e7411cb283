package dev.understudy.cli.inspect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalFiles;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The WAL that a person meant by some paths.
 *
 * @param files where the segments are
 * @param timelines the timeline to read and, if its history file is at hand, its ancestors
 * @param segmentSize as the first segment says
 * @param segments the segments of these timelines, in order, at least one
 */
record WalSelection(WalFiles files, WalTimelines timelines, WalSegmentSize segmentSize, List<WalSegment> segments) {
    static WalSelection of(List<Path> paths, Optional<TimelineId> wanted) {
        boolean oneDirectory = paths.size() == 1 && Files.isDirectory(paths.get(0));
        Path directory = oneDirectory ? walDirectory(paths.get(0)) : directoryOf(paths.get(0));
        WalFiles files = oneDirectory ? WalFiles.ofDirectory(directory) : given(paths);
        List<String> names = files.names();
        if (names.isEmpty()) {
            throw UnderstudyException.of(ErrorCode.WAL_INVALID, "no WAL segments in directory \"%s\"", directory)
                    .build();
        }
        WalSegmentSize size = segmentSize(files, names, directory);
        List<WalSegment> all =
                names.stream().map(name -> WalSegment.parse(name, size)).toList();
        TimelineId timeline = wanted.orElse(all.get(all.size() - 1).timeline());
        WalTimelines timelines = history(directory, timeline).timelines();
        List<WalSegment> segments = all.stream()
                .filter(segment -> timelines.candidates(segment.number(), size).contains(segment))
                .sorted((a, b) -> Long.compareUnsigned(a.number(), b.number()))
                .toList();
        if (segments.isEmpty()) {
            throw UnderstudyException.of(ErrorCode.WAL_INVALID, "no WAL segments of timeline %s", timeline)
                    .build();
        }
        return new WalSelection(files, timelines, size, segments);
    }

    /** A data directory stands for the WAL in it. */
    private static Path walDirectory(Path directory) {
        for (String name : WalDirectory.NAMES) {
            if (Files.isDirectory(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        return directory;
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    private static WalFiles given(List<Path> paths) {
        for (Path path : paths) {
            if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not read file \"%s\"", path)
                        .detail(
                                "%s",
                                Files.exists(path) ? "It cannot be read, or is a directory." : "There is no such file.")
                        .build();
            }
        }
        return WalFiles.of(paths);
    }

    /** A segment that was never written to does not tell; then the next is asked, and in the end the file's length. */
    private static WalSegmentSize segmentSize(WalFiles files, List<String> names, Path directory) {
        for (String name : names) {
            try (SegmentInput input = files.openNamed(name).orElseThrow()) {
                Optional<WalIdentity> identity = WalIdentity.read(input);
                if (identity.isPresent()) {
                    return identity.get().segmentSize();
                }
            } catch (IOException e) {
                throw InspectOutput.unreadable(directory.resolve(name), e);
            }
        }
        return sizeOfFile(directory.resolve(names.get(0)));
    }

    private static WalSegmentSize sizeOfFile(Path file) {
        try {
            long length = Files.exists(file) ? Files.size(file) : 0;
            boolean possible = length <= Integer.MAX_VALUE && WalSegmentSize.isValid((int) length);
            return possible ? new WalSegmentSize((int) length) : WalSegmentSize.DEFAULT;
        } catch (IOException e) {
            throw InspectOutput.unreadable(file, e);
        }
    }

    private static TimelineHistory history(Path directory, TimelineId timeline) {
        Path file = directory.resolve(TimelineHistory.fileName(timeline));
        return Files.exists(file)
                ? TimelineHistory.parse(timeline, InspectOutput.bytesOf(file, 16 << 20))
                : TimelineHistory.without(timeline);
    }

    WalReader open() {
        return WalReader.open(files, timelines, segmentSize);
    }

    /** Where the first segment begins. */
    Lsn start() {
        return segments.get(0).start();
    }

    /** What to say of segments behind a missing one; empty if there are none. */
    Optional<String> unreadAfter(WalEnd end) {
        boolean missing = end.reason() == WalEndReason.FILE_MISSING || end.reason() == WalEndReason.RECORD_CONTINUES;
        List<WalSegment> later = segments.stream()
                .filter(segment -> end.lsn().isBefore(segment.start()))
                .toList();
        return missing && !later.isEmpty()
                ? Optional.of("%d segments from %s on were not read: a segment before them is missing"
                        .formatted(later.size(), later.get(0)))
                : Optional.empty();
    }
}
