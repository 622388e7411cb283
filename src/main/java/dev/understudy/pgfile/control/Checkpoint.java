package dev.understudy.pgfile.control;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;

/**
 * The control file's copy of the latest checkpoint record.
 *
 * <p>Source: {@code CheckPoint} in {@code src/include/catalog/pg_control.h}.
 *
 * @param redoLsn where replay starts
 * @param timeline number of the checkpoint's timeline; 0 only in a damaged file
 * @param previousTimeline the timeline before, if the checkpoint began a new one, else the same
 * @param fullPageWrites whether full_page_writes was on
 * @param walLevel wal_level then; -1 before 17, which do not tell
 * @param nextXidEpoch wraparounds of the transaction counter, unsigned
 * @param nextXid next free transaction id, unsigned
 * @param nextOid next free object identifier, unsigned
 * @param nextMultiXactId next free multixact, unsigned
 * @param nextMultiOffset next free multixact offset, unsigned
 * @param oldestXid cluster-wide minimum of datfrozenxid, unsigned
 * @param oldestXidDatabase object identifier of the database that has it
 * @param oldestMultiXactId cluster-wide minimum of datminmxid, unsigned
 * @param oldestMultiDatabase object identifier of the database that has it
 * @param epochSeconds time of the checkpoint in seconds since 1970, UTC
 * @param oldestCommitTimestampXid oldest transaction with a commit timestamp, 0 if none
 * @param newestCommitTimestampXid newest transaction with a commit timestamp, 0 if none
 * @param oldestActiveXid oldest running transaction, 0 if none or not known
 */
public record Checkpoint(
        Lsn redoLsn,
        int timeline,
        int previousTimeline,
        boolean fullPageWrites,
        int walLevel,
        int nextXidEpoch,
        int nextXid,
        int nextOid,
        int nextMultiXactId,
        int nextMultiOffset,
        int oldestXid,
        int oldestXidDatabase,
        int oldestMultiXactId,
        int oldestMultiDatabase,
        long epochSeconds,
        int oldestCommitTimestampXid,
        int newestCommitTimestampXid,
        int oldestActiveXid) {

    public TimelineId timelineId() {
        return new TimelineId(timeline);
    }
}
