package dev.understudy.doctor.facts;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An archive, or what a pg_receivewal-like receiver has written: a directory of WAL segments.
 *
 * @param path absolute path
 * @param segmentBytes the cluster's segment size as far as the files tell; 16 MiB if they do not
 * @param files segment files, by segment
 * @param histories text of timeline history files by name
 * @param others names of other files, at most twenty
 * @param usage its file system
 */
public record SegmentDirectory(
        String path,
        int segmentBytes,
        List<SegmentFile> files,
        Map<String, String> histories,
        List<String> others,
        Known<FileSystemUsage> usage) {
    public SegmentDirectory {
        files = files.stream()
                .sorted(Comparator.comparing(SegmentFile::segment).thenComparing(SegmentFile::file))
                .toList();
        histories = Map.copyOf(histories);
        others = List.copyOf(others);
    }

    /**
     * Segments that are missing between others of one timeline.
     *
     * @param first the first that is missing
     * @param last the last that is missing
     * @param before the last one that is there before them
     * @param after the first one that is there behind them
     */
    public record Gap(WalSegment first, WalSegment last, WalSegment before, WalSegment after) {}

    public WalSegmentSize segmentSize() {
        return new WalSegmentSize(segmentBytes);
    }

    private WalSegment segment(SegmentFile file) {
        return WalSegment.parse(file.segment(), segmentSize());
    }

    /** Whether the segment is there, whole. */
    public boolean has(String segment) {
        return files.stream().anyMatch(file -> file.segment().equals(segment) && !file.partial());
    }

    /** Whether only a piece of the segment is there. */
    public boolean hasPartialOnly(String segment) {
        return !has(segment) && files.stream().anyMatch(file -> file.segment().equals(segment) && file.partial());
    }

    /** The newest whole segment of the newest timeline that has one. */
    public Optional<WalSegment> newest() {
        return files.stream().filter(file -> !file.partial()).map(this::segment).max(Comparator.naturalOrder());
    }

    /**
     * The segment that a receiver asks for when it starts: the one behind the newest whole one, or the one it had begun.
     *
     * <p>Source: {@code FindStreamingStart} in {@code src/bin/pg_basebackup/pg_receivewal.c}.
     */
    public Optional<WalSegment> next() {
        Comparator<SegmentFile> byPlace = Comparator.comparing(
                        (SegmentFile file) -> segment(file).number(), Long::compareUnsigned)
                .thenComparing(file -> segment(file).timeline());
        return files.stream()
                .max(byPlace.thenComparing(file -> !file.partial()))
                .map(file -> file.partial() ? segment(file) : segment(file).next());
    }

    /** Gaps within each timeline, oldest first. Partial segments do not fill one. */
    public List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        List<WalSegment> whole = files.stream()
                .filter(file -> !file.partial())
                .map(this::segment)
                .distinct()
                .sorted()
                .toList();
        for (int i = 1; i < whole.size(); i++) {
            WalSegment before = whole.get(i - 1);
            WalSegment after = whole.get(i);
            if (before.timeline().equals(after.timeline()) && !before.next().equals(after)) {
                gaps.add(new Gap(before.next(), after.previous(), before, after));
            }
        }
        return List.copyOf(gaps);
    }

    /** The timelines that segments are of. */
    public List<TimelineId> timelines() {
        return files.stream()
                .map(this::segment)
                .map(WalSegment::timeline)
                .distinct()
                .sorted()
                .toList();
    }

    void notExamined(String what, List<NotExamined> missing) {
        Map<String, Long> unseen = files.stream()
                .filter(SegmentFile::isUnseen)
                .collect(Collectors.groupingBy(file -> file.header().reason(), Collectors.counting()));
        unseen.forEach((reason, count) -> missing.add(new NotExamined(
                what + ": headers of " + count + " segments",
                reason.equals(SegmentFile.SKIPPED) ? "there are too many to read all" : reason)));
        Facts.note(missing, what + ": free space", usage);
    }
}
