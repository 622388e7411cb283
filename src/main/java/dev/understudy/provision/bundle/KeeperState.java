package dev.understudy.provision.bundle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a keeper has written about itself and its backup into the bundle's directory. Holds no secret.
 *
 * @param phase how far it is
 * @param pid of the keeper
 * @param host the keeper's machine
 * @param beganAt when it began
 * @param limitAt when it gives up by itself
 * @param primary how the server is reached, as a connection string without secrets
 * @param slot the slot that keeps the WAL; empty text without one
 * @param slotMade whether the keeper made that slot, or was about to
 * @param slotDropped whether it is certain that the slot is gone
 * @param label the backup's label
 * @param systemIdentifier the cluster's; empty text until it is known
 * @param startLsn empty text until the backup has started
 * @param stopLsn empty text until the backup is stopped
 * @param aliveAt when the backup's session last answered
 * @param waiting what it waits for; empty text for nothing
 * @param failure why it gave up; empty unless it did
 */
public record KeeperState(
        Phase phase,
        long pid,
        String host,
        Instant beganAt,
        Instant limitAt,
        String primary,
        String slot,
        boolean slotMade,
        boolean slotDropped,
        String label,
        String systemIdentifier,
        String startLsn,
        String stopLsn,
        Instant aliveAt,
        String waiting,
        Optional<Failure> failure) {
    /** How far a keeper is. */
    public enum Phase {
        /** The slot is made, the start checkpoint waited for. */
        STARTING,
        /** The backup is open: clone now. */
        OPEN,
        /** The backup is being stopped. */
        ENDING,
        /** The bundle is complete. */
        COMPLETE,
        /** The backup is over without an end: what was cloned is worthless. */
        FAILED
    }

    /**
     * Why a keeper gave up.
     *
     * @param code name of the error's code
     */
    public record Failure(String code, String message, String detail, List<String> hints) {
        public Failure {
            hints = List.copyOf(hints);
        }
    }

    public KeeperState withPhase(Phase next) {
        return new KeeperState(
                next,
                pid,
                host,
                beganAt,
                limitAt,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                systemIdentifier,
                startLsn,
                stopLsn,
                aliveAt,
                "",
                failure);
    }

    KeeperState withKeeper(long number, String machine) {
        return new KeeperState(
                phase,
                number,
                machine,
                beganAt,
                limitAt,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                systemIdentifier,
                startLsn,
                stopLsn,
                aliveAt,
                waiting,
                failure);
    }

    /** From now on the backup is open. */
    KeeperState opened(String start, Instant limit) {
        return new KeeperState(
                Phase.OPEN,
                pid,
                host,
                beganAt,
                limit,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                systemIdentifier,
                start,
                "",
                aliveAt,
                "",
                failure);
    }

    KeeperState withSlot(boolean made, boolean dropped) {
        return new KeeperState(
                phase,
                pid,
                host,
                beganAt,
                limitAt,
                primary,
                slot,
                made,
                dropped,
                label,
                systemIdentifier,
                startLsn,
                stopLsn,
                aliveAt,
                waiting,
                failure);
    }

    KeeperState withBackup(String identifier, String start, String stop) {
        return new KeeperState(
                phase,
                pid,
                host,
                beganAt,
                limitAt,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                identifier,
                start,
                stop,
                aliveAt,
                waiting,
                failure);
    }

    KeeperState withSign(Instant now, String what) {
        return new KeeperState(
                phase,
                pid,
                host,
                beganAt,
                limitAt,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                systemIdentifier,
                startLsn,
                stopLsn,
                now,
                what,
                failure);
    }

    public KeeperState withFailure(Failure why) {
        return new KeeperState(
                Phase.FAILED,
                pid,
                host,
                beganAt,
                limitAt,
                primary,
                slot,
                slotMade,
                slotDropped,
                label,
                systemIdentifier,
                startLsn,
                "",
                aliveAt,
                "",
                Optional.of(why));
    }

    /** Whether the primary may still have a slot that this backup made and nobody will use. */
    public boolean mayHaveLeftSlot() {
        return phase != Phase.COMPLETE && slotMade && !slotDropped;
    }

    /** What is left, each with what clears it. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        if (mayHaveLeftSlot()) {
            left.add(
                    "replication slot \"%s\" on the primary, which keeps WAL there: \"understudy backup end\" drops it, or SELECT pg_drop_replication_slot('%s');"
                            .formatted(slot, slot.replace("'", "''")));
        }
        return left;
    }
}
