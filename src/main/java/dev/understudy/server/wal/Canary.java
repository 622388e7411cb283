package dev.understudy.server.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;

/**
 * A transaction of ours on the primary, which leaves nothing but its WAL.
 *
 * @param txid its number, with epoch
 * @param timeline that the primary writes
 * @param messageEnd where the record of its message ends
 * @param lsn an end of WAL that lies behind its commit
 * @param nonce what the message in the WAL says
 */
public record Canary(long txid, TimelineId timeline, Lsn messageEnd, Lsn lsn, String nonce) {}
