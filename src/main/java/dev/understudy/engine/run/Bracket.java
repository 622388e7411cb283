package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import java.time.Duration;
import java.util.Set;

/**
 * Steps that stand or fall together, such as those from start-backup to stop-backup: when what they share is lost, they
 * start over from the first. Resources kept and guards started inside are closed and released first.
 *
 * @param name for the journal
 * @param first name of the first step
 * @param last name of the last step; the first itself or a later one
 * @param attempts how often the bracket may be begun in one process, at least 1
 * @param pause before it starts over
 * @param lostOn errors, of a step inside or of a guard while one runs, that mean that the bracket is lost
 */
public record Bracket(String name, String first, String last, int attempts, Duration pause, Set<ErrorCode> lostOn) {
    /** Attempts unless something else is said. */
    public static final int DEFAULT_ATTEMPTS = 10;

    public Bracket {
        lostOn = Set.copyOf(lostOn);
        if (attempts < 1) {
            throw new IllegalArgumentException("a bracket needs at least one attempt");
        }
    }

    /** A bracket of {@link #DEFAULT_ATTEMPTS} with a second's pause. */
    public static Bracket of(String name, String first, String last, Set<ErrorCode> lostOn) {
        return new Bracket(name, first, last, DEFAULT_ATTEMPTS, Duration.ofSeconds(1), lostOn);
    }
}
