package dev.understudy.promotion.facts;

import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.postgres.Lsn;

/**
 * A reading, with all checksums, of the WAL on the standby's disk that is not replayed yet.
 *
 * @param from end of what was replayed
 * @param to end of what was received
 * @param readTo end of the last whole record
 * @param records how many were read
 * @param end where and why the reading ended
 * @param intact whether nothing is missing or broken before {@code to}
 */
public record WalStretch(Lsn from, Lsn to, Lsn readTo, long records, WalEnd end, boolean intact) {}
