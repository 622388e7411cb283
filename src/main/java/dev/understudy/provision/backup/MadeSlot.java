package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The slot that a run has made, by the journal's word: what the playbook says now, or what a resume was given, may have
 * become another slot or another way of keeping WAL since.
 */
public final class MadeSlot {
    private static final Duration RELEASE_LIMIT = Duration.ofSeconds(30);

    private final Site site;

    public MadeSlot(Site site) {
        this.site = site;
    }

    /**
     * A run keeps its WAL in the way that it began with.
     *
     * @param wanted the slot that is asked for now; empty for another way of keeping WAL
     * @throws UnderstudyException {@link ErrorCode#RUN_PLAN_CHANGED} if the run has made, or taken over, another one
     */
    public static void requireOnly(Facts facts, Optional<String> wanted) {
        Optional<String> taken = name(facts);
        if (taken.isPresent() && !taken.equals(wanted)) {
            throw UnderstudyException.of(
                            ErrorCode.RUN_PLAN_CHANGED,
                            "the run keeps its WAL by replication slot \"%s\", and is now asked for %s",
                            taken.get(),
                            wanted.map(slot -> "slot \"" + slot + "\"").orElse("another way"))
                    .hint("Go on with that slot, or clear the run away with \"understudy abort\" and start anew.")
                    .build();
        }
    }

    private static Optional<String> name(Facts facts) {
        return facts.find(OwnSlot.SLOT).filter(name -> !name.isEmpty());
    }

    /** Takes it back; does nothing if the run has made none. */
    public List<Evidence> drop(StepContext context) {
        Optional<String> made = name(context.facts());
        if (made.isEmpty() || !context.facts().isTrue(OwnSlot.MADE)) {
            return List.of();
        }
        String slot = made.get();
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameCluster(context.facts());
            Slots slots = new Slots(session);
            Optional<ReplicationSlot> found = slots.find(slot);
            if (found.isEmpty()) {
                // That it is not there says something only of the server that it was made on.
                PrimaryIdentity.of(session).requireSameAs(context.facts());
                return List.of();
            }
            return switch (OwnSlot.of(context.facts(), found.get())) {
                case THIS_RUN -> List.of(drop(context, slots, slot));
                case SOMEBODY_ELSE -> List.of(leave(context, found.get()));
                case UNKNOWN ->
                    throw UnderstudyException.of(
                                    ErrorCode.SLOT_TAKEN, "it may be the one that the run was about to make, or not")
                            .detail("%s", SlotState.describe(found.get()))
                            .build();
            };
        } catch (UnderstudyException e) {
            throw notDropped(slot, e);
        }
    }

    private static Evidence drop(StepContext context, Slots slots, String slot) {
        // One that a killed run of ours has left behind, perhaps on another machine; nobody else has a use for the
        // slot.
        slots.endBaseBackup(slot);
        context.await(
                "the slot \"" + slot + "\" to become inactive",
                RELEASE_LIMIT,
                Duration.ofMillis(200),
                () -> slots.find(slot).map(found -> !found.active()).orElse(true));
        slots.drop(slot);
        return context.evidence("dropped the slot \"" + slot + "\"", "pg_drop_replication_slot");
    }

    private static Evidence leave(StepContext context, ReplicationSlot found) {
        context.warn("replication slot \"%s\" was left: it is not the one that the run made".formatted(found.name()));
        return context.evidence(
                "left the slot \"%s\", which is not the run's. %s".formatted(found.name(), SlotState.describe(found)),
                "pg_replication_slots");
    }

    private static UnderstudyException notDropped(String slot, UnderstudyException reason) {
        return UnderstudyException.of(
                        ErrorCode.UNDO_INCOMPLETE,
                        "could not drop replication slot \"%s\", which keeps WAL on the primary",
                        slot)
                .detail("%s%s", reason.message(), reason.detail().isEmpty() ? "" : ": " + reason.detail())
                .hint("Drop it on the primary with: SELECT pg_drop_replication_slot('%s');", slot.replace("'", "''"))
                .cause(reason)
                .build();
    }
}
