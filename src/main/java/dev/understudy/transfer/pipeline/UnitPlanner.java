package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a listing into units of bounded size, one at a time, so that neither a huge file nor a million small ones leave a
 * worker idle and the units take no memory. Large files come first: what is left for the end is small. Each byte is in
 * exactly one unit.
 */
public final class UnitPlanner {
    /** How much a unit holds at most. */
    static final long UNIT_BYTES = 32L << 20;

    static final int UNIT_FILES = 1000;

    private final FileTable files;
    private int large;
    private long largeOffset;
    private int small;

    public UnitPlanner(FileTable files) {
        this.files = files;
    }

    /** Whether a file is cut into several units. */
    static boolean isSplit(long size) {
        return size > UNIT_BYTES;
    }

    /** How many units a file is cut into. */
    static int unitsOf(long size) {
        return isSplit(size) ? Math.toIntExact((size + UNIT_BYTES - 1) / UNIT_BYTES) : 1;
    }

    /** The next unit; empty when all have been given. */
    public synchronized Optional<CopyUnit> next() {
        while (large < files.count()) {
            long size = files.size(large);
            if (isSplit(size) && largeOffset < size) {
                long length = Math.min(UNIT_BYTES, size - largeOffset);
                CopyUnit unit = new CopyUnit(List.of(Piece.range(large, largeOffset, length)));
                largeOffset += length;
                return Optional.of(unit);
            }
            large++;
            largeOffset = 0;
        }
        return nextBatch();
    }

    private Optional<CopyUnit> nextBatch() {
        List<Piece> pieces = new ArrayList<>();
        long bytes = 0;
        for (; small < files.count() && pieces.size() < UNIT_FILES; small++) {
            long size = files.size(small);
            if (isSplit(size)) {
                continue;
            }
            if (bytes + size > UNIT_BYTES) {
                break;
            }
            pieces.add(Piece.whole(files, small));
            bytes += size;
        }
        return pieces.isEmpty() ? Optional.empty() : Optional.of(new CopyUnit(pieces));
    }
}
