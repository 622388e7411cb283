package dev.understudy.pgfile.control;

import dev.understudy.pgfile.Crc32c;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Seals a copied control file: without its backup_label no server starts from it, and with the label none calls itself
 * consistent before the end of the backup, whenever during the backup the file was copied.
 *
 * <p>The checkpoint location becomes {@link ControlFile#SEALED_CHECKPOINT}, which a server follows only if there is no
 * label; the minimum recovery ending location becomes the backup's end, unless it is later already. Nothing else
 * changes but the checksum.
 */
public final class ControlFileSealer {
    private ControlFileSealer() {}

    /**
     * Gives a sealed copy of a control file; the given bytes stay as they are.
     *
     * @param file the whole file, with a right checksum
     * @param minRecoveryPoint the backup's end location: replay must come at least this far
     * @param timeline the timeline of {@code minRecoveryPoint}
     * @throws dev.understudy.error.UnderstudyException as {@link ControlFileReader#read}
     */
    public static byte[] seal(byte[] file, Lsn minRecoveryPoint, TimelineId timeline) {
        ControlFile control = ControlFileReader.read(file);
        ControlFileLayout layout = ControlFileLayout.of(control.major());
        byte[] sealed = file.clone();
        ByteBuffer buffer = ByteBuffer.wrap(sealed).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(32, ControlFile.SEALED_CHECKPOINT.bytes());
        if (control.minRecoveryPoint().isBefore(minRecoveryPoint)) {
            buffer.putLong(layout.minRecoveryPoint(), minRecoveryPoint.bytes());
            buffer.putInt(layout.minRecoveryPoint() + 8, timeline.number());
        }
        buffer.putInt(layout.crc(), Crc32c.of(sealed, 0, layout.crc()));
        return sealed;
    }
}
