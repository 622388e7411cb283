package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import java.util.Optional;

/**
 * A checkpoint record. Up to 11 its data are 80 bytes, from 12 on 88, with the REDO location first.
 *
 * <p>Source: {@code CheckPoint} and {@code XLOG_CHECKPOINT_SHUTDOWN} in {@code src/include/catalog/pg_control.h}.
 *
 * @param lsn where it starts
 * @param redoLsn where replay from this checkpoint starts
 * @param epochSeconds when the checkpoint was begun, in seconds since 1970, UTC
 * @param endsServer whether it is of the kind that a server writes as it stops, and as it ends a recovery; never while a
 *     non-exclusive backup is open
 */
public record CheckpointRecord(Lsn lsn, Lsn redoLsn, long epochSeconds, boolean endsServer) {
    private static final int SHUTDOWN = 0x00;
    private static final int ONLINE = 0x10;
    private static final int SHORT_DATA_HEADER = 255;
    private static final int DATA = RecordReader.HEADER_BYTES + 2;
    private static final int NARROW_BYTES = 80;
    private static final int WIDE_BYTES = 88;

    /** The checkpoint record that the reader stands on; empty if it stands on another. */
    public static Optional<CheckpointRecord> find(WalReader reader) {
        int kind = reader.info() & 0xF0;
        boolean checkpoint = reader.resourceManager() == ResourceManager.XLOG && (kind == SHUTDOWN || kind == ONLINE);
        if (!checkpoint || reader.totalLength() < DATA || reader.byteAt(DATA - 2) != SHORT_DATA_HEADER) {
            return Optional.empty();
        }
        int length = reader.byteAt(DATA - 1);
        if ((length != NARROW_BYTES && length != WIDE_BYTES) || reader.totalLength() != DATA + length) {
            return Optional.empty();
        }
        return Optional.of(new CheckpointRecord(
                reader.lsn(),
                new Lsn(reader.int64At(DATA)),
                reader.int64At(DATA + (length == WIDE_BYTES ? 64 : 56)),
                kind == SHUTDOWN));
    }
}
