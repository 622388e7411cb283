package dev.understudy.server.slots;

import dev.understudy.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A replication slot. What the server's major does not tell is empty.
 *
 * @param type {@code physical} or {@code logical}
 * @param database of a logical slot, else empty text
 * @param activePid process that uses it; empty if nobody does
 * @param restartLsn oldest WAL that it keeps; empty if it never reserved any, or was invalidated
 * @param walStatus 13+: reserved, extended, unreserved, lost; do not trust {@code reserved}, look for the file
 * @param safeWalSizeBytes 13+: bytes that can be written before the slot is in danger; empty without a limit
 * @param inactiveSince 17+
 * @param invalidationReason 17+: empty if it is valid
 * @param conflicting 16+, logical slots only
 * @param synced 17+: whether a standby's worker keeps it in step with the primary's
 */
public record ReplicationSlot(
        String name,
        String type,
        String plugin,
        String database,
        boolean temporary,
        boolean active,
        OptionalLong activePid,
        Optional<String> xmin,
        Optional<String> catalogXmin,
        Optional<Lsn> restartLsn,
        Optional<Lsn> confirmedFlushLsn,
        Optional<String> walStatus,
        OptionalLong safeWalSizeBytes,
        Optional<Boolean> twoPhase,
        Optional<Boolean> conflicting,
        Optional<Instant> inactiveSince,
        Optional<String> invalidationReason,
        Optional<Boolean> failover,
        Optional<Boolean> synced) {
    public boolean isPhysical() {
        return type.equals("physical");
    }
}
