package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.Session;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Drops a physical slot that nobody uses and whose WAL is gone, and makes it anew. A slot that is in use, logical, or
 * still has its WAL is left as it is.
 */
final class RenewSlot implements Step {
    static final String RESERVED = "slot_restart_lsn";
    private static final String DROPPED = "slot_dropped";
    private static final String MADE = "slot_made";

    private final Conninfo primary;
    private final String slot;

    RenewSlot(Conninfo primary, String slot) {
        this.primary = primary;
        this.slot = slot;
    }

    @Override
    public String name() {
        return RepairKinds.RENEW_SLOT;
    }

    @Override
    public Probe probe(StepContext context) {
        if (context.facts().find(RESERVED).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        try (Session session = Session.open(primary)) {
            Optional<ReplicationSlot> found = new Slots(session).find(slot);
            if (found.isEmpty()) {
                return new Probe.Pending("make the physical replication slot \"" + slot + "\"");
            }
            return conflict(session, found.get())
                    .<Probe>map(Probe.Conflicting::new)
                    .orElseGet(() -> new Probe.Pending(
                            "drop the inactive slot \"%s\", whose WAL is gone, and make it anew".formatted(slot)));
        }
    }

    private Optional<UnderstudyException> conflict(Session session, ReplicationSlot found) {
        if (!found.isPhysical()) {
            return Optional.of(
                    UnderstudyException.of(ErrorCode.SLOT_TAKEN, "replication slot \"%s\" is a logical one", slot)
                            .build());
        }
        if (found.active()) {
            return Optional.of(UnderstudyException.of(ErrorCode.SLOT_ACTIVE, "replication slot \"%s\" is in use", slot)
                    .hint("Stop what uses it first.")
                    .build());
        }
        if (found.restartLsn().isPresent()
                && hasSegment(session, found.restartLsn().get())) {
            return Optional.of(
                    UnderstudyException.of(ErrorCode.SLOT_TAKEN, "replication slot \"%s\" still has its WAL", slot)
                            .detail(
                                    "It keeps WAL from %s on, and that is there.",
                                    found.restartLsn().get())
                            .hint("Start the receiver: it can go on. If it cannot, ask the doctor again.")
                            .build());
        }
        return Optional.empty();
    }

    private static boolean hasSegment(Session session, Lsn lsn) {
        ServerIdentity identity = new ServerFacts(session).identity();
        return new BackupFacts(session)
                .hasWalFile(WalSegment.containing(identity.timeline(), lsn, identity.walSegmentSize())
                        .name());
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        List<Evidence> evidence = new ArrayList<>();
        try (Session session = Session.open(primary)) {
            Slots slots = new Slots(session);
            Optional<ReplicationSlot> old = slots.find(slot);
            if (old.isPresent() && !context.facts().isTrue(MADE)) {
                conflict(session, old.get()).ifPresent(error -> {
                    throw error;
                });
                context.record(
                        DROPPED, old.get().restartLsn().map(Lsn::toString).orElse("none"));
                slots.drop(slot);
                evidence.add(context.evidence(
                        "dropped the slot, restart_lsn %s, whose segment is not on the primary any more"
                                .formatted(context.facts().get(DROPPED)),
                        "pg_drop_replication_slot; pg_ls_waldir"));
            }
            context.record(MADE, "true");
            Lsn restart =
                    slots.find(slot).flatMap(ReplicationSlot::restartLsn).orElseGet(() -> slots.createPhysical(slot));
            context.record(RESERVED, restart.toString());
            evidence.add(context.evidence(
                    "made the slot; it keeps WAL from %s on".formatted(restart), "pg_replication_slots"));
        }
        return evidence;
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = Session.open(primary)) {
            Optional<Lsn> restart = new Slots(session).find(slot).flatMap(ReplicationSlot::restartLsn);
            boolean there = restart.filter(lsn -> hasSegment(session, lsn)).isPresent();
            return there
                    ? new Verdict.Verified(List.of(context.evidence(
                            "slot \"%s\" keeps WAL from %s on, whose segment is there".formatted(slot, restart.get()),
                            "pg_replication_slots; pg_ls_waldir")))
                    : new Verdict.Refuted(UnderstudyException.of(
                                    ErrorCode.SLOT_UNUSABLE, "replication slot \"%s\" keeps no WAL", slot)
                            .build());
        }
    }

    /** The old slot held nothing that could be given back; the one that was made would hold WAL for nobody. */
    @Override
    public List<Evidence> undo(StepContext context) {
        if (!context.facts().isTrue(MADE)) {
            return List.of();
        }
        try (Session session = Session.open(primary)) {
            boolean dropped = new Slots(session).drop(slot);
            return dropped
                    ? List.of(context.evidence("dropped the slot that was made", "pg_drop_replication_slot"))
                    : List.of();
        }
    }
}
