package dev.understudy.pgfile.wal;

import dev.understudy.postgres.WalSegment;
import java.io.IOException;
import java.util.Optional;

/** Where WAL segments come from: a directory, a list of files, an archive, another host. */
@FunctionalInterface
public interface WalSource {
    /**
     * Opens a segment; the caller closes it.
     *
     * @return empty if the source has no such segment
     * @throws IOException if it has one that cannot be read
     */
    Optional<SegmentInput> open(WalSegment segment) throws IOException;
}
