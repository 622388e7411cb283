package dev.understudy.provision.bundle;

import java.util.ArrayList;
import java.util.List;

/**
 * How a backup in two commands stands, for people, scripts and the doctor.
 *
 * @param directory the bundle's
 * @param condition how it stands
 * @param state what its keeper wrote last
 * @param leftovers what is left of it that nobody will use, each with what clears it
 */
public record BundleStatus(BundleDirectory directory, Condition condition, KeeperState state, List<String> leftovers) {
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
        if (condition == Condition.COMPLETE) {
            directory.bundle();
        }
        return new BundleStatus(directory, condition, state, new ArrayList<>(state.leftovers()));
    }

    /** Until the keeper has the lock the claim is that of the command that starts it. */
    private static boolean isBeingLaunched(KeeperState state) {
        return ProcessHandle.of(state.pid()).isPresent();
    }
}
