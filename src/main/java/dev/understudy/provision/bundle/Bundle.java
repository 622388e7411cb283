package dev.understudy.provision.bundle;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.seal.CloneBackup;
import dev.understudy.provision.seal.SeenCheckpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is needed to seal clones taken during a backup, once that has been stopped in good order. Holds no secret.
 *
 * @param completedAt when the backup was stopped, by this machine's clock
 * @param systemIdentifier the cluster's
 * @param version of the server
 * @param label {@code backup_label} as the server returned it; it says start LSN and timeline
 * @param tablespaceMap as the server returned it, perhaps empty
 * @param stopLsn up to where a clone must replay
 * @param onStandby whether the server was a standby
 * @param slot the physical slot that keeps the WAL, if one does
 * @param primary how the server was reached, without secrets
 * @param source what the server said of itself
 * @param checkpoints those it was seen to have during the backup
 * @param evidence what was seen of the end of the backup, a sentence
 */
public record Bundle(
        Instant completedAt,
        SystemIdentifier systemIdentifier,
        ServerVersion version,
        BackupLabel label,
        byte[] tablespaceMap,
        Lsn stopLsn,
        boolean onStandby,
        Optional<String> slot,
        Conninfo primary,
        Source source,
        List<SeenCheckpoint> checkpoints,
        String evidence) {
    public Bundle {
        tablespaceMap = tablespaceMap.clone();
        checkpoints = List.copyOf(checkpoints);
    }

    /**
     * What the server said of itself.
     *
     * @param startedAt when it was started
     * @param dataDirectory on its machine; empty text if the role may not see it
     * @param subscriptions how many enabled ones it has
     * @param settings those that a clone must not keep, and those that it must not have less of; of a setting that may
     *     hold a secret only whether it is empty
     * @param configuration what its configuration files set, but for what may hold a secret; empty if they lie in the
     *     data directory, where a clone has them
     */
    public record Source(
            Instant startedAt,
            String dataDirectory,
            long subscriptions,
            Map<String, String> settings,
            Map<String, String> configuration) {
        public Source {
            settings = Map.copyOf(settings);
            configuration = Map.copyOf(configuration);
        }
    }

    @Override
    public byte[] tablespaceMap() {
        return tablespaceMap.clone();
    }

    public CloneBackup backup() {
        return new CloneBackup(
                label,
                tablespaceMap,
                stopLsn,
                systemIdentifier,
                onStandby,
                source.startedAt(),
                source.dataDirectory(),
                checkpoints);
    }
}
