package dev.understudy.provision.bundle;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a backup in two commands stands, for people, scripts and the doctor.
 *
 * @param directory the bundle's
 * @param condition how it stands
 * @param state what its keeper wrote last
 * @param leftovers what is left of it that nobody will use, each with what clears it
 * @param endedAt when the backup was stopped; empty unless the bundle is complete
 * @param slot how its slot stands on the primary; empty if that was not looked at, or there is none to look at
 */
public record BundleStatus(
        BundleDirectory directory,
        Condition condition,
        KeeperState state,
        List<String> leftovers,
        Optional<Instant> endedAt,
        Optional<SlotStanding> slot) {
    private static final String CONNECT_SECONDS = "5";

    /** How a backup in two commands can stand. */
    public enum Condition {
        STARTING("the start checkpoint is waited for"),
        OPEN("the backup is open: clone, then end it"),
        ENDING("the backup is being stopped"),
        COMPLETE("the bundle is complete: seal the clones with it"),
        FAILED("the backup was given up: what was cloned during it is worthless"),
        LOST("the keeper has died: what was cloned is worthless");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** Whether something is wrong. */
        public boolean isBad() {
            return this == FAILED || this == LOST;
        }
    }

    public BundleStatus {
        leftovers = List.copyOf(leftovers);
    }

    /**
     * Looks, and changes nothing.
     *
     * @throws dev.understudy.error.UnderstudyException BUNDLE_INVALID if no backup was begun with the directory, or the
     *     complete bundle is damaged
     */
    public static BundleStatus of(BundleDirectory directory) {
        boolean held = directory.isHeld();
        KeeperState state = directory.state();
        Condition condition = switch (state.phase()) {
            case COMPLETE -> Condition.COMPLETE;
            case FAILED -> Condition.FAILED;
            case STARTING -> held || isBeingLaunched(state) ? Condition.STARTING : Condition.LOST;
            case OPEN -> held ? Condition.OPEN : Condition.LOST;
            case ENDING -> held ? Condition.ENDING : Condition.LOST;
        };
        Optional<Instant> endedAt =
                condition == Condition.COMPLETE ? Optional.of(directory.bundle().completedAt()) : Optional.empty();
        List<String> leftovers = condition.isBad() ? state.leftovers() : List.of();
        return new BundleStatus(directory, condition, state, leftovers, endedAt, Optional.empty());
    }

    /**
     * The same, and asks the primary how the slot stands; that it cannot be asked is an answer.
     *
     * @param primary how it is reached, if not as it was begun with
     */
    public BundleStatus askingThePrimary(Optional<Conninfo> primary) {
        boolean needed = condition == Condition.COMPLETE || condition == Condition.OPEN || mayHaveLeftSlot();
        if (!needed || !state.slot().made()) {
            return this;
        }
        Conninfo conninfo = primary.orElseGet(() -> Conninfo.parse(state.primary()));
        Conninfo soon = conninfo.get("connect_timeout").isPresent()
                ? conninfo
                : conninfo.with("connect_timeout", CONNECT_SECONDS);
        SlotStanding standing;
        try {
            standing = new KeptSlot(soon, state.slot().name()).stand(state.backup());
        } catch (UnderstudyException e) {
            standing = SlotStanding.unknown(e);
        }
        return new BundleStatus(directory, condition, state, leftovers, endedAt, Optional.of(standing));
    }

    private boolean mayHaveLeftSlot() {
        return condition.isBad() && state.mayHaveLeftSlot();
    }

    /** Whether somebody has to do something: the backup is lost, or its clones lack their WAL. */
    public boolean isBad() {
        return condition.isBad()
                || slot.filter(found -> found.use() == SlotStanding.Use.LOST).isPresent();
    }

    /** Until the keeper has the lock the claim is that of the command that starts it. */
    private static boolean isBeingLaunched(KeeperState state) {
        return ProcessHandle.of(state.process().pid()).isPresent();
    }
}
