package dev.understudy.provision.bundle;

import dev.understudy.error.UnderstudyException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a keeper has written about itself and its backup into the bundle's directory. Holds no secret.
 *
 * @param phase how far it is
 * @param process the keeper itself
 * @param beganAt when it began
 * @param limitAt when it gives up by itself
 * @param primary how the server is reached, as a connection string without secrets
 * @param slot what keeps the WAL
 * @param backup as far as it is known
 * @param sign what was heard last
 * @param failure why it gave up; empty unless it did
 */
public record KeeperState(
        Phase phase,
        Process process,
        Instant beganAt,
        Instant limitAt,
        String primary,
        Slot slot,
        Backup backup,
        Sign sign,
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
     * The keeper's process.
     *
     * @param host name of the machine that it works on
     */
    public record Process(long pid, String host) {}

    /**
     * The slot that keeps the WAL.
     *
     * @param name empty text without one
     * @param made whether the keeper made it, or was about to
     * @param dropped whether it is certain that it is gone
     */
    public record Slot(String name, boolean made, boolean dropped) {}

    /**
     * The backup.
     *
     * @param label its label
     * @param systemIdentifier the cluster's; empty text until it is known
     * @param startLsn empty text until the backup has started
     * @param stopLsn empty text until the backup is stopped
     */
    public record Backup(String label, String systemIdentifier, String startLsn, String stopLsn) {}

    /**
     * A sign of life.
     *
     * @param aliveAt when the backup's session last answered
     * @param waiting what the keeper waits for; empty text for nothing
     */
    public record Sign(Instant aliveAt, String waiting) {}

    /**
     * Why a keeper gave up.
     *
     * @param code name of the error's code
     */
    public record Failure(String code, String message, String detail, List<String> hints) {
        public Failure {
            hints = List.copyOf(hints);
        }

        static Failure of(UnderstudyException error) {
            return new Failure(error.code().name(), error.message(), error.detail(), error.hints());
        }
    }

    public KeeperState withPhase(Phase next) {
        return new KeeperState(
                next, process, beganAt, limitAt, primary, slot, backup, new Sign(sign.aliveAt(), ""), failure);
    }

    KeeperState withPid(long pid) {
        return new KeeperState(
                phase, new Process(pid, process.host()), beganAt, limitAt, primary, slot, backup, sign, failure);
    }

    KeeperState withSlot(boolean made, boolean dropped) {
        return new KeeperState(
                phase, process, beganAt, limitAt, primary, new Slot(slot.name(), made, dropped), backup, sign, failure);
    }

    KeeperState withBackup(String systemIdentifier, String startLsn, String stopLsn) {
        return new KeeperState(
                phase,
                process,
                beganAt,
                limitAt,
                primary,
                slot,
                new Backup(backup.label(), systemIdentifier, startLsn, stopLsn),
                sign,
                failure);
    }

    KeeperState withLimit(Instant limit) {
        return new KeeperState(phase, process, beganAt, limit, primary, slot, backup, sign, failure);
    }

    KeeperState withSign(Instant aliveAt, String waiting) {
        return new KeeperState(
                phase, process, beganAt, limitAt, primary, slot, backup, new Sign(aliveAt, waiting), failure);
    }

    public KeeperState withFailure(Failure why) {
        return new KeeperState(
                Phase.FAILED,
                process,
                beganAt,
                limitAt,
                primary,
                slot,
                new Backup(backup.label(), backup.systemIdentifier(), backup.startLsn(), ""),
                new Sign(sign.aliveAt(), ""),
                Optional.of(why));
    }

    /** Whether the primary may still have a slot that this backup made and nobody will use. */
    public boolean mayHaveLeftSlot() {
        return phase != Phase.COMPLETE && slot.made() && !slot.dropped();
    }

    /** What is left, each with what clears it. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        if (mayHaveLeftSlot()) {
            left.add(
                    "replication slot \"%s\" on the primary, which keeps WAL there: \"understudy backup drop\" drops it, or SELECT pg_drop_replication_slot('%s');"
                            .formatted(slot.name(), slot.name().replace("'", "''")));
        }
        return left;
    }
}
