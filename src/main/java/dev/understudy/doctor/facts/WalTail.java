package dev.understudy.doctor.facts;

import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.util.List;

/**
 * A reading of the WAL at hand, in the standby's WAL directory and the archive, from a place that replay has passed on.
 *
 * @param from where it began
 * @param timeline timeline that was read
 * @param lastRecord start of the last whole record; equal to {@code from} if there was none
 * @param endLsn end of it
 * @param end where and why the reading ended
 * @param segments names of the segments that were read, with where they were taken from
 * @param goesOn whether the segment behind that of the end is in the same place, so that WAL does not simply end there
 * @param nextSegment name of the segment that the record at the end goes on in; empty text if it does not
 * @param copies where the segment of the end was found, and whether each copy reads well beyond the end
 */
public record WalTail(
        Lsn from,
        TimelineId timeline,
        Lsn lastRecord,
        Lsn endLsn,
        WalEnd end,
        List<SegmentRead> segments,
        boolean goesOn,
        String nextSegment,
        List<SegmentCopy> copies) {
    public WalTail {
        segments = List.copyOf(segments);
        copies = List.copyOf(copies);
    }

    /** A segment that was read, and from where. */
    public record SegmentRead(String name, String source) {}

    /**
     * A copy of the segment in which the reading ended.
     *
     * @param source {@code standby}, {@code archive} or {@code receiver}
     * @param good whether the record that could not be read is whole in this copy
     * @param detail how its reading ended
     */
    public record SegmentCopy(String source, boolean good, String detail) {}
}
