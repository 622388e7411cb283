package dev.understudy.server.backup;

import dev.understudy.postgres.Lsn;
import dev.understudy.server.Notice;
import java.util.List;

/**
 * A backup that has been stopped in good order.
 *
 * @param stopLsn up to where a copy must replay to be consistent
 * @param label the contents of {@code backup_label}, byte for byte
 * @param tablespaceMap the contents of {@code tablespace_map}, byte for byte; empty if the server has no tablespaces
 *     outside its data directory
 * @param notices what the server had to say, for example on waiting for the archiver
 */
public record BackupStop(Lsn stopLsn, byte[] label, byte[] tablespaceMap, List<Notice> notices) {
    public BackupStop {
        label = label.clone();
        tablespaceMap = tablespaceMap.clone();
        notices = List.copyOf(notices);
    }

    @Override
    public byte[] label() {
        return label.clone();
    }

    @Override
    public byte[] tablespaceMap() {
        return tablespaceMap.clone();
    }
}
