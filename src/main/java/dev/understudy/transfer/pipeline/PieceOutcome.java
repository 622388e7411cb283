package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import java.util.List;

/**
 * What a piece of the target holds now.
 *
 * @param length bytes that are there, fewer than planned where the source has become shorter
 * @param checksum CRC-32C of these bytes
 * @param suspects pages that are to be read again
 */
record PieceOutcome(Piece piece, long length, int checksum, List<PageScan.Suspect> suspects) {}
