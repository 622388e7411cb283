package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.control.PostmasterFile;
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
    static final String SLOT = OwnSlot.SLOT;

    /** Recorded as true before another program streams from the slot; from then on it moves. */
    public static final String USED = OwnSlot.USED;

    /** Recorded before an invalidated slot is dropped to be made anew: the start of the backup that it was lost to. */
    private static final String RENEWED_AFTER = "slot_renewed_after";

    private static final String GUARD = "slot";
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(3);

    private final Site site;
    private final String slot;
    private final boolean reuse;
    private final SlotLimits limits;

    /**
     * @param reuse whether an inactive slot of that name that still keeps its WAL is taken over, as a stopped standby
     *     that is seeded anew has one
     * @param limits when the run gives it up
     */
    public ReserveSlot(Site site, String slot, boolean reuse, SlotLimits limits) {
        this.site = site;
        this.slot = slot;
        this.reuse = reuse;
        this.limits = limits;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameAs(context.facts());
            MadeSlot.requireOnly(context.facts(), Optional.of(slot));
            Optional<ReplicationSlot> found = new Slots(session).find(slot);
            if (found.isEmpty()) {
                return mayBeGone(context)
                        ? new Probe.Pending("create the physical replication slot \"" + slot + "\" on the primary")
                        : new Probe.Conflicting(SlotState.dropped(slot));
            }
            if (!isTaken(context)) {
                return foreign(found.get());
            }
            return isOurs(context, found.get())
                    ? ours(context, found.get())
                    : new Probe.Conflicting(notOurs(found.get()));
        }
    }

    private Probe ours(StepContext context, ReplicationSlot found) {
        if (SlotState.isUsable(found)) {
            return new Probe.Satisfied(List.of(SlotState.evidence(context, found)));
        }
        return mayRenew(context, found)
                ? new Probe.Pending(
                        "make the slot \"%s\" anew, which has lost its WAL: the backup begins again".formatted(slot))
                : new Probe.Conflicting(SlotState.unusable(ErrorCode.SLOT_UNUSABLE, found));
    }

    /** Before the backup is complete the next one needs nothing of the WAL that is lost; what is copied is kept. */
    private static boolean mayRenew(StepContext context, ReplicationSlot found) {
        return context.facts().isTrue(OwnSlot.MADE)
                && !found.active()
                && !SlotState.isUsable(found)
                && !StopBackup.isComplete(context);
    }

    /** The run cannot go on with it: the WAL that the run's own slot kept may be gone. */
    private UnderstudyException notOurs(ReplicationSlot found) {
        return UnderstudyException.of(
                        ErrorCode.SLOT_TAKEN, "replication slot \"%s\" is not the one that this run made", slot)
                .detail("%s%s", SlotState.describe(found), user())
                .hint("Clear the run away with \"understudy abort\", which leaves that slot, and start anew.")
                .build();
    }

    /** Who may use it: a standby that somebody started from what the run has made so far. */
    private String user() {
        return PostmasterFile.findRunning(site.target().host(), site.target().dataDirectory())
                .map(server -> " Besides, a server is running on \"%s\", pid %d, which this run did not start."
                        .formatted(site.target().dataDirectory(), server.pid()))
                .orElse("");
    }

    /** Nobody but the run may drop the slot once the backup has started: the WAL that it kept may be gone. */
    private boolean mayBeGone(StepContext context) {
        Optional<String> start = context.facts().find(StartBackup.START_LSN);
        return start.isEmpty() || start.equals(context.facts().find(RENEWED_AFTER));
    }

    /** Whether the run has made the slot, or taken it over. */
    private boolean isTaken(StepContext context) {
        return context.facts().find(SLOT).filter(slot::equals).isPresent();
    }

    private static boolean isOurs(StepContext context, ReplicationSlot found) {
        return !context.facts().isTrue(OwnSlot.MADE) || owner(context, found) == OwnSlot.Owner.THIS_RUN;
    }

    static OwnSlot.Owner owner(StepContext context, ReplicationSlot found) {
        return OwnSlot.of(context.facts(), found);
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
            if (found.isPresent() && isTaken(context) && isOurs(context, found.get())) {
                renew(context, slots, found.get());
            } else if (found.isPresent()) {
                return List.of(takeOver(context, found.get()));
            }
            Lsn restartLsn = OwnSlot.create(context, slots, slot);
            return List.of(context.evidence(
                    "created the slot \"" + slot + "\", which keeps WAL from " + restartLsn,
                    "pg_create_physical_replication_slot"));
        }
    }

    private void renew(StepContext context, Slots slots, ReplicationSlot found) {
        if (!mayRenew(context, found)) {
            throw SlotState.unusable(ErrorCode.SLOT_UNUSABLE, found);
        }
        context.warn("replication slot \"%s\" has lost its WAL and is made anew. %s"
                .formatted(slot, SlotState.describe(found)));
        context.record(
                RENEWED_AFTER, context.facts().find(StartBackup.START_LSN).orElse(""));
        slots.drop(slot);
    }

    /** It may have come since the probe, and two standbys on one slot lose WAL to each other. */
    private Evidence takeOver(StepContext context, ReplicationSlot found) {
        if (!mayTakeOver(found)) {
            throw taken(found);
        }
        context.record(OwnSlot.MADE, "false");
        context.record(SLOT, slot);
        return context.evidence("took over the slot \"" + slot + "\"", "pg_replication_slots");
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = site.primary().open()) {
            ReplicationSlot found = new Slots(session).find(slot).orElseThrow(() -> SlotState.dropped(slot));
            SlotState.requireUsable(found);
            Evidence segment = SlotState.segmentEvidence(context, session, found);
            SlotWatch watch = new SlotWatch(site, slot, limits, context);
            Evidence bounds = watch.evidence(session);
            watch.run();
            context.guard(GUARD, WATCH_INTERVAL, watch);
            return new Verdict.Verified(List.of(SlotState.evidence(context, found), segment, bounds));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        context.release(GUARD);
        return new MadeSlot(site).drop(context);
    }
}
