package dev.understudy.pgfile.control;

import java.util.OptionalInt;

/**
 * The settings that the control file keeps, since a standby's must not be lower.
 *
 * @param walLevel 0 minimal, 1 replica, 2 logical
 * @param walLogHints wal_log_hints
 * @param maxConnections max_connections
 * @param maxWorkerProcesses max_worker_processes
 * @param maxWalSendersOrAbsent max_wal_senders; -1 before 12, which do not keep it
 * @param maxPreparedTransactions max_prepared_transactions
 * @param maxLocksPerTransaction max_locks_per_transaction
 * @param trackCommitTimestamp track_commit_timestamp
 */
public record ControlSettings(
        int walLevel,
        boolean walLogHints,
        int maxConnections,
        int maxWorkerProcesses,
        int maxWalSendersOrAbsent,
        int maxPreparedTransactions,
        int maxLocksPerTransaction,
        boolean trackCommitTimestamp) {

    /** max_wal_senders; empty before 12. */
    public OptionalInt maxWalSenders() {
        return maxWalSendersOrAbsent < 0 ? OptionalInt.empty() : OptionalInt.of(maxWalSendersOrAbsent);
    }

    /** wal_level in PostgreSQL's words. */
    public String walLevelWords() {
        return wordsOf(walLevel);
    }

    static String wordsOf(int walLevel) {
        return switch (walLevel) {
            case 0 -> "minimal";
            case 1 -> "replica";
            case 2 -> "logical";
            default -> "unrecognized wal_level";
        };
    }
}
