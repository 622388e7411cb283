package dev.understudy.provision.seal;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import java.time.Instant;
import java.util.List;

/**
 * The backup around a clone, stopped in good order: what a clone is compared with, and what it is sealed by.
 *
 * @param label as the server returned it
 * @param tablespaceMap as the server returned it; empty if it has no tablespaces outside of its data directory
 * @param stopLsn up to where the clone must replay
 * @param systemIdentifier the cluster's
 * @param onStandby whether the server was a standby
 * @param serverStartedAt when the server was started that held the backup from its start to its stop
 * @param dataDirectory the server's own data directory, on its machine; empty text if it may not be known
 * @param checkpoints those it was seen to have meanwhile; others may have been
 */
public record CloneBackup(
        BackupLabel label,
        byte[] tablespaceMap,
        Lsn stopLsn,
        SystemIdentifier systemIdentifier,
        boolean onStandby,
        Instant serverStartedAt,
        String dataDirectory,
        List<SeenCheckpoint> checkpoints) {
    public CloneBackup {
        tablespaceMap = tablespaceMap.clone();
        checkpoints = List.copyOf(checkpoints);
    }

    @Override
    public byte[] tablespaceMap() {
        return tablespaceMap.clone();
    }

    public Lsn startLsn() {
        return label.startLsn();
    }

    public TimelineId timeline() {
        return label.startTimeline();
    }
}
