package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.backup.SlotState;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.util.Optional;

/** The slot that keeps a backup's WAL: made for it, watched while it is open, dropped when it is given up. */
record KeptSlot(Conninfo primary, String name) {
    /** @throws UnderstudyException {@link ErrorCode#SLOT_TAKEN} if there is one of that name */
    void requireFree(Session session) {
        Optional<ReplicationSlot> found = new Slots(session).find(name);
        if (found.isPresent()) {
            throw UnderstudyException.of(ErrorCode.SLOT_TAKEN, "replication slot \"%s\" already exists", name)
                    .detail("%s", SlotState.describe(found.get()))
                    .hint("Another backup may have been begun with it. Choose another name with --slot.")
                    .hint(
                            "If nothing needs that slot, drop it with: SELECT pg_drop_replication_slot('%s');",
                            name.replace("'", "''"))
                    .build();
        }
    }

    /** @throws UnderstudyException {@link ErrorCode#WAL_NOT_RESERVED} if it keeps too little for a backup */
    void requireFrom(Session session, Lsn start) {
        ReplicationSlot slot = find(session);
        Lsn restart = slot.restartLsn().orElseThrow(this::gone);
        if (start.isBefore(restart)) {
            throw UnderstudyException.of(
                            ErrorCode.WAL_NOT_RESERVED,
                            "slot \"%s\" keeps WAL from %s only, the backup needs it from %s",
                            name,
                            restart,
                            start)
                    .build();
        }
    }

    /** Whether it says that the slot cannot serve any clone any more. */
    static boolean isLost(UnderstudyException e) {
        return e.code() == ErrorCode.SLOT_UNUSABLE || e.code() == ErrorCode.SLOT_INVALIDATED;
    }

    /** @throws UnderstudyException {@link ErrorCode#SLOT_UNUSABLE}, {@link ErrorCode#SLOT_INVALIDATED} */
    void requireUsable(Session session) {
        SlotState.requireUsable(find(session));
    }

    private ReplicationSlot find(Session session) {
        return new Slots(session).find(name).orElseThrow(this::gone);
    }

    private UnderstudyException gone() {
        return UnderstudyException.of(ErrorCode.SLOT_UNUSABLE, "replication slot \"%s\" is gone", name)
                .detail("Somebody dropped it while the backup needed it.")
                .build();
    }

    /** How it stands on the server that it was made on. */
    SlotStanding stand(KeeperState.Backup backup) {
        try (Session session = Session.open(primary)) {
            requireCluster(session, backup.systemIdentifier());
            return SlotStanding.of(name, new Slots(session).find(name), new ServerFacts(session).positions(), backup);
        }
    }

    private static void requireCluster(Session session, String systemIdentifier) {
        String found = new ServerFacts(session).systemIdentifier().toString();
        if (!systemIdentifier.isEmpty() && !found.equals(systemIdentifier)) {
            throw UnderstudyException.of(
                            ErrorCode.SOURCE_CHANGED, "another database cluster answers in the primary's place")
                    .detail("The backup began with system identifier %s; this one has %s.", systemIdentifier, found)
                    .build();
        }
    }

    /**
     * Drops it on the server that it was made on; that it is not there any more is fine.
     *
     * @param systemIdentifier of that server; empty text if it is not known
     */
    void drop(String systemIdentifier) {
        try (Session session = Session.open(primary)) {
            requireCluster(session, systemIdentifier);
            new Slots(session).drop(name);
        }
    }
}
