package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import java.time.Duration;
import java.util.Set;

/**
 * When a failed step is begun again, from its probe. A guard's error and an interruption are never retried.
 *
 * @param on errors that may pass
 * @param attempts how often the step may be begun in one process, at least 1
 * @param pause before the second attempt; doubled before each further one
 * @param longestPause upper limit of the pause
 */
public record RetryPolicy(Set<ErrorCode> on, int attempts, Duration pause, Duration longestPause) {
    /** No second attempt. */
    public static final RetryPolicy NEVER = new RetryPolicy(Set.of(), 1, Duration.ZERO, Duration.ZERO);

    public RetryPolicy {
        on = Set.copyOf(on);
        if (attempts < 1) {
            throw new IllegalArgumentException("a step needs at least one attempt");
        }
    }

    /** The pause after so many failed attempts, from 1. */
    Duration pauseAfter(int failed) {
        Duration doubled = pause.multipliedBy(1L << Math.min(failed - 1, 30));
        return doubled.compareTo(longestPause) > 0 ? longestPause : doubled;
    }
}
