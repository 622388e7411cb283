package dev.understudy.engine.run;

import java.time.Duration;

/**
 * How long something that is lost is waited for, and how often it may be lost. An attempt that finds it still away counts
 * against the limit of time alone, so that a primary may be away for long and yet one that dies again and again is given
 * up.
 *
 * @param attempts how often it may be begun in one process, at least 1; one that finds nothing to begin with does not
 *     count
 * @param pause before the second attempt; doubled before each further one, until it stood for as long as the longest pause
 * @param longestPause upper limit of the pause
 * @param limit how long one absence may last
 */
public record Patience(int attempts, Duration pause, Duration longestPause, Duration limit) {
    /** No second attempt. */
    public static final Patience NONE = new Patience(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public Patience {
        if (attempts < 1) {
            throw new IllegalArgumentException("there is at least one attempt");
        }
    }

    /** Pauses from a second to a minute. */
    public static Patience of(int attempts, Duration limit) {
        return new Patience(attempts, Duration.ofSeconds(1), Duration.ofMinutes(1), limit);
    }

    /** The same for as long at most. */
    Patience within(Duration most) {
        return new Patience(attempts, pause, longestPause, limit.compareTo(most) < 0 ? limit : most);
    }

    /** The pause after so many failures in a row, from 1. */
    Duration pauseAfter(int failed) {
        Duration doubled = pause.multipliedBy(1L << Math.min(failed - 1, 30));
        return doubled.compareTo(longestPause) > 0 ? longestPause : doubled;
    }
}
