package dev.understudy.provision.bundle;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.backup.SlotState;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.Optional;

/**
 * How the slot that keeps a backup's WAL stands on its server.
 *
 * @param use who uses it
 * @param retainedBytes WAL that the server keeps for it; 0 if it keeps none
 * @param words a sentence without its full stop
 */
public record SlotStanding(Use use, long retainedBytes, String words) {
    /** Who uses a backup's slot. */
    public enum Use {
        /** A standby streams through it. */
        STREAMING,
        /** One has, and does not now. */
        STOPPED,
        /** None has yet: it keeps all WAL since the backup's start. */
        UNUSED,
        /** It does not keep the WAL any more, or is not there. */
        LOST,
        /** It could not be looked at. */
        UNKNOWN
    }

    static SlotStanding of(
            String name, Optional<ReplicationSlot> found, WalPositions positions, KeeperState.Backup backup) {
        if (found.isEmpty()) {
            return new SlotStanding(Use.LOST, 0, "there is no slot \"%s\" on the primary".formatted(name));
        }
        ReplicationSlot slot = found.get();
        if (!SlotState.keepsWal(slot)) {
            return new SlotStanding(Use.LOST, 0, SlotState.describe(slot).replaceFirst("\\.$", ""));
        }
        Lsn restart = slot.restartLsn().orElseThrow();
        Lsn end = positions
                .current()
                .or(positions::received)
                .or(positions::replayed)
                .orElse(restart);
        long retained = Math.max(0, end.minus(restart));
        String keeps = "it keeps %,d MB of WAL on the primary, from %s on".formatted(retained >> 20, restart);
        if (slot.active()) {
            return new SlotStanding(Use.STREAMING, retained, "a standby streams through it; " + keeps);
        }
        boolean moved =
                !backup.startLsn().isEmpty() && Lsn.parse(backup.startLsn()).isBefore(restart);
        return moved
                ? new SlotStanding(Use.STOPPED, retained, "a standby has used it and does not now; " + keeps)
                : new SlotStanding(Use.UNUSED, retained, "no standby has used it yet; " + keeps);
    }

    static SlotStanding unknown(UnderstudyException why) {
        return new SlotStanding(Use.UNKNOWN, 0, "it could not be looked at: " + why.message());
    }

    /** Whether it is a standby's by now. */
    public boolean isUsed() {
        return use == Use.STREAMING || use == Use.STOPPED;
    }
}
