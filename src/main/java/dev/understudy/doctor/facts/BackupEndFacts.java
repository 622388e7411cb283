package dev.understudy.doctor.facts;

import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.postgres.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * A search of the WAL at hand for the end of the backup that pg_control waits for.
 *
 * @param startLsn the backup's start
 * @param found end of its BACKUP_END record
 * @param foreignStarts start locations that other BACKUP_END records carry
 * @param shutdownCheckpoints locations of shutdown checkpoints in the WAL: the primary was stopped there
 * @param end where and why the reading ended
 */
public record BackupEndFacts(
        Lsn startLsn, Optional<Lsn> found, List<Lsn> foreignStarts, List<Lsn> shutdownCheckpoints, WalEnd end) {
    public BackupEndFacts {
        foreignStarts = List.copyOf(foreignStarts);
        shutdownCheckpoints = List.copyOf(shutdownCheckpoints);
    }
}
