package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reserves WAL by a physical replication slot that keeps it from this moment on, and watches the slot until the standby
 * streams from it.
 */
public final class ReserveSlot implements Step {
    static final String NAME = "reserve-wal";
    static final String MADE = "slot_made";
    static final String SLOT = "slot";

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(3);
    private static final Duration RELEASE_LIMIT = Duration.ofSeconds(30);

    private final Site site;
    private final String slot;
    private final boolean reuse;
    private final long keepFreeBytes;

    /**
     * @param reuse whether an inactive slot of that name that still keeps its WAL is taken over, as a stopped standby
     *     that is seeded anew has one
     * @param keepFreeBytes free space of the primary's WAL file system below which the run gives up
     */
    public ReserveSlot(Site site, String slot, boolean reuse, long keepFreeBytes) {
        this.site = site;
        this.slot = slot;
        this.reuse = reuse;
        this.keepFreeBytes = keepFreeBytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameAs(context.facts());
            Optional<ReplicationSlot> found = new Slots(session).find(slot);
            if (found.isEmpty()) {
                return mayBeGone(context)
                        ? new Probe.Pending("create the physical replication slot \"" + slot + "\" on the primary")
                        : new Probe.Conflicting(SlotState.dropped(slot));
            }
            if (isOurs(context)) {
                return new Probe.Satisfied(List.of(SlotState.evidence(context, found.get())));
            }
            return foreign(found.get());
        }
    }

    /** Nobody may drop the slot once the backup has started: the WAL that it kept may be gone. */
    private boolean mayBeGone(StepContext context) {
        return context.facts().find(StartBackup.START_LSN).isEmpty();
    }

    private boolean isOurs(StepContext context) {
        return context.facts().find(SLOT).filter(slot::equals).isPresent();
    }

    private Probe foreign(ReplicationSlot found) {
        return mayTakeOver(found)
                ? new Probe.Pending("take over the inactive replication slot \"" + slot + "\"")
                : new Probe.Conflicting(taken(found));
    }

    private boolean mayTakeOver(ReplicationSlot found) {
        return reuse && found.isPhysical() && !found.active() && SlotState.keepsWal(found);
    }

    private UnderstudyException taken(ReplicationSlot found) {
        return UnderstudyException.of(ErrorCode.SLOT_TAKEN, "replication slot \"%s\" already exists", slot)
                        .detail("%s", SlotState.describe(found))
                        .hint("Choose another name with -e slot=NAME.")
                        .hint(
                                "If nothing needs that slot, drop it with: SELECT pg_drop_replication_slot('%s');",
                                slot.replace("'", "''"))
                        .build();
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).record(context);
            Slots slots = new Slots(session);
            Optional<ReplicationSlot> found = slots.find(slot);
            // Another may have made it since the probe: two standbys on one slot lose WAL to each other.
            if (found.isPresent() && !mayTakeOver(found.get())) {
                throw taken(found.get());
            }
            boolean exists = found.isPresent();
            context.record(MADE, Boolean.toString(!exists));
            context.record(SLOT, slot);
            if (exists) {
                return List.of(context.evidence("took over the slot \"" + slot + "\"", "pg_replication_slots"));
            }
            Lsn restartLsn = create(context, slots);
            return List.of(context.evidence(
                    "created the slot \"" + slot + "\", which keeps WAL from " + restartLsn,
                    "pg_create_physical_replication_slot"));
        }
    }

    /** That the slot is about to be made is on record before, for a crash in between; here it turns out to be another's. */
    private Lsn create(StepContext context, Slots slots) {
        try {
            return slots.createPhysical(slot);
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_EXISTS) {
                context.record(MADE, "false");
                context.record(SLOT, "");
            }
            throw e;
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = site.primary().open()) {
            ReplicationSlot found = new Slots(session).find(slot).orElseThrow(() -> SlotState.dropped(slot));
            SlotState.requireUsable(found);
            Evidence segment = SlotState.segmentEvidence(context, session, found);
            context.guard("slot", WATCH_INTERVAL, new SlotWatch(site, slot, keepFreeBytes, context));
            return new Verdict.Verified(List.of(SlotState.evidence(context, found), segment));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        context.release("slot");
        if (!context.facts().isTrue(MADE)) {
            return List.of();
        }
        try (Session session = site.primary().open()) {
            Slots slots = new Slots(session);
            context.await(
                    "the slot \"" + slot + "\" to become inactive",
                    RELEASE_LIMIT,
                    Duration.ofMillis(200),
                    () -> slots.find(slot).map(found -> !found.active()).orElse(true));
            if (slots.drop(slot)) {
                return List.of(context.evidence("dropped the slot \"" + slot + "\"", "pg_drop_replication_slot"));
            }
            // That it is not there says something only of the server that it was made on.
            PrimaryIdentity.of(session).requireSameAs(context.facts());
            return List.of();
        } catch (UnderstudyException e) {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE,
                            "could not drop replication slot \"%s\", which keeps WAL on the primary",
                            slot)
                    .detail("%s", e.message())
                    .hint(
                            "Drop it on the primary with: SELECT pg_drop_replication_slot('%s');",
                            slot.replace("'", "''"))
                    .cause(e)
                    .build();
        }
    }
}
