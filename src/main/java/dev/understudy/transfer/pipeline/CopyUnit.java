package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import java.util.List;

/**
 * What one worker does at a time: a stretch of a large file, or a batch of whole files.
 *
 * @param pieces not empty
 */
public record CopyUnit(List<Piece> pieces) {
    public CopyUnit {
        pieces = List.copyOf(pieces);
    }

    public long bytes() {
        return pieces.stream().mapToLong(Piece::length).sum();
    }
}
