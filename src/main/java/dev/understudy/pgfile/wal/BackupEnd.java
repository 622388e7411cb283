package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import java.util.Optional;

/**
 * An end-of-backup record: the mark, written when a backup of the primary is stopped, from which a standby restored from
 * that backup is consistent.
 *
 * @param lsn where it starts
 * @param endLsn where it ends, the backup's stop LSN
 * @param segment the segment it starts in
 * @param startLsn the start LSN of the backup it ends
 */
public record BackupEnd(Lsn lsn, Lsn endLsn, WalSegment segment, Lsn startLsn) {
    private static final int INFO = 0x50;
    private static final int SHORT_DATA_HEADER = 255;
    private static final int LENGTH = RecordReader.HEADER_BYTES + 2 + 8;

    /**
     * The end-of-backup record that the reader stands on; empty if it stands on another.
     *
     * <p>Source: {@code XLOG_BACKUP_END} in {@code pg_control.h}; unchanged from 9.6 to 18.
     */
    public static Optional<BackupEnd> find(WalReader reader) {
        if (!isBackupEnd(reader)) {
            return Optional.empty();
        }
        Lsn startLsn = new Lsn(reader.int64At(RecordReader.HEADER_BYTES + 2));
        return Optional.of(
                new BackupEnd(reader.lsn(), reader.endLsn(), reader.segments().get(0), startLsn));
    }

    private static boolean isBackupEnd(WalReader reader) {
        return reader.resourceManager() == ResourceManager.XLOG
                && (reader.info() & 0xF0) == INFO
                && reader.totalLength() == LENGTH
                && reader.byteAt(RecordReader.HEADER_BYTES) == SHORT_DATA_HEADER
                && reader.byteAt(RecordReader.HEADER_BYTES + 1) == 8;
    }
}
