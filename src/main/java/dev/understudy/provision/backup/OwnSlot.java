package dev.understudy.provision.backup;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.util.Optional;

/**
 * Makes a slot so that a later process knows this run's from one of the same name that somebody else made. A physical
 * slot carries no comment; what it does carry is its restart_lsn. From PostgreSQL 11 the run puts that to a place where no
 * slot stands by itself, and writes the place down before. Where that cannot be, a slot is the run's only if its creation
 * was journaled as done.
 */
final class OwnSlot {
    /** Whether the run made, or was about to make, the slot. */
    static final String MADE = "slot_made";

    static final String SLOT = "slot";

    /** The place that the slot's restart_lsn was to be put to; empty before PostgreSQL 11. */
    private static final String PLACE = "slot_place";

    /** The slot's restart_lsn after it was made; recorded once it is there. */
    private static final String CREATED_AT = "slot_created_at";

    private static final int ATTEMPTS = 5;

    /** Recorded as true before another program streams from the slot, as start-standby records its own start. */
    static final String USED = "slot_used";

    /** Recorded by start-standby before it tries. */
    private static final String STANDBY_STARTED = "server_started";

    private OwnSlot() {}

    /** Whose a slot is. */
    enum Owner {
        THIS_RUN,
        SOMEBODY_ELSE,
        /** It was made by this run, which was killed in that moment, or by somebody else since. */
        UNKNOWN
    }

    /**
     * Makes the slot.
     *
     * @return its restart_lsn
     * @throws UnderstudyException {@link ErrorCode#SLOT_EXISTS} if somebody made it just now
     */
    static Lsn create(StepContext context, Slots slots, String slot) {
        int mark = 1 + Math.floorMod(context.run().hashCode(), 7);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Lsn> place = slots.placeBetweenRecords(mark);
            context.record(PLACE, place.map(Lsn::toString).orElse(""));
            context.record(MADE, "true");
            context.record(SLOT, slot);
            Optional<Lsn> created = create(context, slots, slot, place);
            if (created.isPresent()) {
                context.record(CREATED_AT, created.get().toString());
                return created.get();
            }
        }
        throw UnderstudyException.of(
                        ErrorCode.SLOT_UNUSABLE, "checkpoints came too fast to create replication slot \"%s\"", slot)
                .build();
    }

    private static Optional<Lsn> create(StepContext context, Slots slots, String slot, Optional<Lsn> place) {
        try {
            if (place.isEmpty()) {
                return Optional.of(slots.createPhysical(slot));
            }
            return slots.createPhysicalAt(slot, place.get()) ? place : Optional.empty();
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_EXISTS) {
                context.record(MADE, "false");
                context.record(SLOT, "");
            }
            throw e;
        }
    }

    /** Whose a slot of the recorded name is. One that was used may have moved on since. */
    static Owner of(Facts facts, ReplicationSlot found) {
        boolean used = facts.isTrue(USED) || facts.isTrue(STANDBY_STARTED);
        Optional<Lsn> place = facts.find(PLACE).filter(text -> !text.isEmpty()).map(Lsn::parse);
        Optional<Lsn> created = facts.findLsn(CREATED_AT);
        Optional<Lsn> stands = found.restartLsn();
        if (stands.isPresent() && stands.equals(place)) {
            return Owner.THIS_RUN;
        }
        if (created.isEmpty()) {
            return place.isEmpty() ? Owner.UNKNOWN : Owner.SOMEBODY_ELSE;
        }
        // Lower than it was: a primary that crashed has forgotten that the slot was moved. None: it was invalidated.
        boolean plausible = used || stands.isEmpty() || !created.get().isBefore(stands.get());
        return plausible ? Owner.THIS_RUN : Owner.SOMEBODY_ELSE;
    }
}
