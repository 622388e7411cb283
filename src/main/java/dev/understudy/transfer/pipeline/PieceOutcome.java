package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.Piece;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of the target holds now.
 *
 * @param length bytes that are there, fewer than planned where the source has become shorter
 * @param checksum of these bytes; null where not all of them came by here, so that the target must hash the file
 * @param suspects pages that are to be read again
 */
record PieceOutcome(Piece piece, long length, @Nullable FileChecksum checksum, List<PageScan.Suspect> suspects) {
    static PieceOutcome of(Piece piece, long length, int crc32c, List<PageScan.Suspect> suspects) {
        return new PieceOutcome(piece, length, FileChecksum.crc32c(crc32c), suspects);
    }
}
