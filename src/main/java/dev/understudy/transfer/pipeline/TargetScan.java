package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import java.util.List;

/** Finds out what the target has. */
interface TargetScan extends AutoCloseable {
    /** @param countPages whether these pages count as checked; not where they are scanned again */
    List<StretchScan> scan(List<Piece> stretches, boolean countPages);

    /** The same again after a change; of a side that hashes only lengths are new. */
    List<StretchScan> rescan(List<Piece> stretches);

    /** Whether all bytes come by here, so that checksums and pages are known; otherwise only digests are. */
    boolean readsBytes();

    @Override
    void close();
}
