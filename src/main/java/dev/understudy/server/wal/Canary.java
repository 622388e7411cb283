package dev.understudy.server.wal;

import dev.understudy.postgres.Lsn;

/**
 * A transaction of ours on the primary, which leaves nothing but its WAL.
 *
 * @param txid its number, with epoch
 * @param lsn an end of WAL that lies behind its commit
 * @param nonce what the message in the WAL says
 */
public record Canary(long txid, Lsn lsn, String nonce) {}
