package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.List;

/**
 * The timelines to take segments from, newest first: the one to read and its ancestors. A segment comes from the newest
 * timeline that had begun by its end, and from an older one if that file is not there; PostgreSQL's recovery does so.
 *
 * @param branches newest first, at least one
 */
public record WalTimelines(List<Branch> branches) {
    /**
     * One timeline.
     *
     * @param timeline its number
     * @param begin where it forked off its parent; 0/0 for the oldest
     */
    public record Branch(TimelineId timeline, Lsn begin) {}

    public WalTimelines {
        branches = List.copyOf(branches);
        if (branches.isEmpty()) {
            throw new IllegalArgumentException("no timeline");
        }
    }

    /** A timeline whose ancestors are not known or not wanted. */
    public static WalTimelines only(TimelineId timeline) {
        return new WalTimelines(List.of(new Branch(timeline, Lsn.INVALID)));
    }

    /** The timeline to read. */
    public TimelineId newest() {
        return branches.get(0).timeline();
    }

    /** The files that may hold a segment, the one to prefer first. */
    public List<WalSegment> candidates(long segmentNumber, WalSegmentSize size) {
        return branches.stream()
                .filter(branch -> Long.compareUnsigned(size.segmentNumber(branch.begin()), segmentNumber) <= 0)
                .map(branch -> new WalSegment(branch.timeline(), segmentNumber, size))
                .toList();
    }
}
