package dev.understudy.pgfile.page;

import dev.understudy.postgres.Lsn;

/**
 * A page whose contents do not match its checksum.
 *
 * @param blockNumber its number in the relation, as given to the checker; unsigned
 * @param computed the checksum of what is there
 * @param found the checksum in the page
 * @param lsn the page's LSN, if its header can be believed
 */
public record PageFailure(int blockNumber, int computed, int found, Lsn lsn) {
    /**
     * Whether the server may have been writing the page while it was read: its LSN is not before the backup's start, so
     * that replay writes the page anew from a full-page image. {@code pg_basebackup} does not judge such pages.
     */
    public boolean isCoveredByReplay(Lsn backupStart) {
        return lsn.isAtLeast(backupStart);
    }
}
