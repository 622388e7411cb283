package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import java.util.List;

/**
 * One WAL record, without its contents.
 *
 * @param lsn where it starts
 * @param endLsn where the next one can start: PostgreSQL's end location, a multiple of 8; for a segment switch the start
 *     of the next segment
 * @param prev start of the record before it
 * @param xid the transaction that wrote it, unsigned; 0 for none
 * @param resourceManager number of the resource manager, 0 to 255
 * @param info the resource manager's flags, 0 to 255
 * @param totalLength bytes of the record, header included, page headers and padding not
 * @param segments the segments that hold a part of it, in order
 */
public record WalRecord(
        Lsn lsn,
        Lsn endLsn,
        Lsn prev,
        int xid,
        int resourceManager,
        int info,
        int totalLength,
        List<WalSegment> segments) {
    public WalRecord {
        segments = List.copyOf(segments);
    }

    /** The resource manager's name as pg_waldump prints it. */
    public String resourceManagerName() {
        return ResourceManager.nameOf(resourceManager);
    }
}
