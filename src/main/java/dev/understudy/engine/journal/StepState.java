package dev.understudy.engine.journal;

import dev.understudy.engine.Evidence;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a journal tells of one step.
 *
 * @param attempts how often it was begun, over all processes; 0 if never
 * @param seconds time spent on it, over all attempts that came to an end
 * @param hasBegun true if it may have made something that was not taken back
 * @param intent what it was going to do when it was last probed; empty if nothing was to be done
 * @param evidence what was seen by the last attempt: by probe, apply, verify and undo, in this order
 * @param failure why its last attempt, or its undo, failed; null if it did not
 */
public record StepState(
        String name,
        Phase phase,
        int attempts,
        double seconds,
        boolean hasBegun,
        String intent,
        List<Evidence> evidence,
        @Nullable Failure failure) {
    /** How far a step is. */
    public enum Phase {
        PENDING("pending"),
        APPLYING("applying"),
        APPLIED("applied"),
        VERIFIED("verified"),
        FAILED("failed"),
        UNDONE("undone");

        private final String printed;

        Phase(String printed) {
            this.printed = printed;
        }

        public String printed() {
            return printed;
        }
    }

    public StepState {
        evidence = List.copyOf(evidence);
    }

    public Optional<Failure> error() {
        return Optional.ofNullable(failure);
    }
}
