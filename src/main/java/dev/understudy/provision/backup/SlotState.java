package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.server.Session;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.List;

/** What a slot says of itself, and whether the WAL that it stands for is really there. */
public final class SlotState {
    private SlotState() {}

    /** Whether the slot keeps WAL by its own word; the word alone is not believed, see {@link #segmentEvidence}. */
    public static boolean keepsWal(ReplicationSlot slot) {
        return slot.restartLsn().isPresent()
                && slot.invalidationReason().isEmpty()
                && !slot.walStatus().orElse("reserved").equals("lost");
    }

    /** Whether it will keep WAL: one that is unreserved loses it at the next checkpoint. */
    static boolean isUsable(ReplicationSlot slot) {
        return keepsWal(slot) && !slot.walStatus().orElse("reserved").equals("unreserved");
    }

    /** @throws UnderstudyException {@link ErrorCode#SLOT_INVALIDATED} */
    public static void requireUsable(ReplicationSlot slot) {
        if (!isUsable(slot)) {
            throw unusable(ErrorCode.SLOT_INVALIDATED, slot);
        }
    }

    static UnderstudyException unusable(ErrorCode code, ReplicationSlot slot) {
        return UnderstudyException.of(
                        code, "replication slot \"%s\" does not keep the WAL that the standby needs", slot.name())
                .detail("%s", describe(slot))
                .hint("Look at max_slot_wal_keep_size and idle_replication_slot_timeout on the primary.")
                .build();
    }

    static UnderstudyException dropped(String slot) {
        return UnderstudyException.of(ErrorCode.SLOT_UNUSABLE, "replication slot \"%s\" is gone", slot)
                .detail("Somebody dropped it while the run needed it; WAL that the standby needs may be gone.")
                .hint("Clear the run away with \"understudy abort\", and start anew.")
                .build();
    }

    /** What it is, whose it is and what it keeps, a sentence. */
    public static String describe(ReplicationSlot slot) {
        return "It is %s and %s%s%s%s."
                .formatted(
                        slot.type(),
                        slot.active() ? "in use by process " + slot.activePid().orElse(0) : "inactive",
                        slot.restartLsn().map(lsn -> ", restart_lsn " + lsn).orElse(", without restart_lsn"),
                        slot.walStatus().map(status -> ", wal_status " + status).orElse(""),
                        slot.invalidationReason()
                                .map(why -> ", invalidated by " + why)
                                .orElse(""));
    }

    static Evidence evidence(StepContext context, ReplicationSlot slot) {
        return context.evidence(
                "slot \"%s\" keeps WAL from %s%s"
                        .formatted(
                                slot.name(),
                                slot.restartLsn().orElse(Lsn.INVALID),
                                slot.walStatus()
                                        .map(status -> ", wal_status " + status)
                                        .orElse("")),
                "pg_replication_slots");
    }

    /**
     * Looks for the segment of the slot's restart_lsn in the primary's WAL directory: a slot can say reserved while its
     * segment is gone. Right after a promotion it may still carry the older timeline in its name.
     *
     * @throws UnderstudyException {@link ErrorCode#WAL_NOT_RESERVED} if it is not there
     */
    static Evidence segmentEvidence(StepContext context, Session session, ReplicationSlot slot) {
        WalSegmentSize size = new ServerFacts(session).identity().walSegmentSize();
        Lsn restartLsn = slot.restartLsn().orElseThrow(() -> dropped(slot.name()));
        long number = size.segmentNumber(restartLsn);
        List<BackupFacts.WalFile> files;
        try {
            files = new BackupFacts(session).walFiles();
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.PRIVILEGE_MISSING) {
                throw e;
            }
            return context.evidence(
                    "the role may not list the WAL directory: that the slot's segment is really there was not seen",
                    "pg_ls_waldir");
        }
        String segment = files.stream()
                .map(BackupFacts.WalFile::name)
                .filter(WalSegment::isName)
                .filter(name -> WalSegment.parse(name, size).number() == number)
                .findFirst()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.WAL_NOT_RESERVED,
                                "slot \"%s\" stands at %s, but that segment is not in the primary's WAL directory",
                                slot.name(),
                                restartLsn)
                        .hint("Drop the slot and create it anew; a slot whose segment is gone can serve nobody.")
                        .build());
        return context.evidence("its segment " + segment + " is there", "the primary's WAL directory");
    }
}
