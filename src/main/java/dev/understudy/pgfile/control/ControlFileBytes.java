package dev.understudy.pgfile.control;

import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Takes the fields out of the bytes of a control file, which must be long enough for the layout. */
final class ControlFileBytes {
    private final ByteBuffer buffer;

    ControlFileBytes(byte[] file) {
        this.buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    int int32(int offset) {
        return buffer.getInt(offset);
    }

    private boolean bool(int offset) {
        return buffer.get(offset) != 0;
    }

    private Lsn lsn(int offset) {
        return new Lsn(buffer.getLong(offset));
    }

    ControlFile decode(FormatVersion version, ControlFileLayout layout, boolean crcOk) {
        int recovery = layout.minRecoveryPoint();
        return new ControlFile(
                version.major(),
                new SystemIdentifier(buffer.getLong(0)),
                version.controlVersion(),
                version.catalogVersion(),
                ClusterState.ofNumber(int32(16)),
                buffer.getLong(24),
                lsn(32),
                layout.wideCheckpoint() ? wideCheckpoint(layout) : narrowCheckpoint(layout.checkpoint()),
                lsn(recovery - 8),
                lsn(recovery),
                int32(recovery + 8),
                lsn(recovery + 16),
                lsn(recovery + 24),
                bool(recovery + 32),
                settings(layout),
                sizes(layout),
                nonce(layout.nonce()),
                layout.signedChars() < 0 || bool(layout.signedChars()),
                crcOk);
    }

    private String nonce(int offset) {
        if (offset < 0) {
            return "";
        }
        byte[] bytes = new byte[32];
        buffer.get(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** From 12: the next transaction id is one 64-bit number, epoch above, id below. */
    private Checkpoint wideCheckpoint(ControlFileLayout layout) {
        int at = layout.checkpoint();
        int walLevel = layout.checkpointWalLevel() < 0 ? -1 : int32(at + layout.checkpointWalLevel());
        return checkpoint(at, walLevel, int32(at + 28), int32(at + 24), at + 32, at + 64);
    }

    private Checkpoint narrowCheckpoint(int at) {
        return checkpoint(at, -1, int32(at + 20), int32(at + 24), at + 28, at + 56);
    }

    private Checkpoint checkpoint(int at, int walLevel, int epoch, int nextXid, int nextOid, int time) {
        return new Checkpoint(
                lsn(at),
                int32(at + 8),
                int32(at + 12),
                bool(at + 16),
                walLevel,
                epoch,
                nextXid,
                int32(nextOid),
                int32(nextOid + 4),
                int32(nextOid + 8),
                int32(nextOid + 12),
                int32(nextOid + 16),
                int32(nextOid + 20),
                int32(nextOid + 24),
                buffer.getLong(time),
                int32(time + 8),
                int32(time + 12),
                int32(time + 16));
    }

    private ControlSettings settings(ControlFileLayout layout) {
        int at = layout.walLevel();
        int prepared = layout.maxWalSenders() < 0 ? at + 16 : at + 20;
        return new ControlSettings(
                int32(at),
                bool(at + 4),
                int32(at + 8),
                int32(at + 12),
                layout.maxWalSenders() < 0 ? -1 : int32(layout.maxWalSenders()),
                int32(prepared),
                int32(prepared + 4),
                bool(prepared + 8));
    }

    private ControlSizes sizes(ControlFileLayout layout) {
        int at = layout.blockSize();
        return new ControlSizes(
                // The alignment stands before an eight-byte probe of the float format, itself aligned to eight.
                int32(maxAlign(layout)),
                int32(at),
                int32(at + 4),
                int32(at + 8),
                int32(at + 12),
                int32(at + 16),
                int32(at + 20),
                int32(at + 24),
                int32(at + 28),
                layout.float4ByValue() < 0 || bool(layout.float4ByValue()),
                bool(layout.float8ByValue()),
                int32(layout.dataChecksumVersion()));
    }

    private static int maxAlign(ControlFileLayout layout) {
        return layout.walLevel() + (layout.maxWalSenders() < 0 ? 28 : 32);
    }
}
