package dev.understudy.engine.run;

import java.time.Duration;
import java.util.Optional;

/** Counts how often, and for how long, one thing has been lost: a bracket, or what a step works on. For one thread. */
final class Absence {
    private final Patience patience;
    private final Time time;
    private boolean there = true;
    private long backAt;
    private long goneAt;
    private int losses;
    private int inARow;

    Absence(Patience patience, Time time) {
        this.patience = patience;
        this.time = time;
        this.backAt = time.nanos();
    }

    /**
     * What comes before the next attempt.
     *
     * @param attempt its number, from 2; the same again while the thing is away
     * @param pause to wait first
     * @param left how long it is still waited for, the pause included
     */
    record Again(int attempt, Duration pause, Duration left) {}

    /** It was there at that time. */
    void back(long nanos) {
        there = true;
        backAt = nanos;
    }

    /** Work began at that time; it was there if that has lasted for as long as the longest pause, however it ended. */
    void hasWorkedSince(long nanos) {
        if (time.nanos() - nanos >= patience.longestPause().toNanos()) {
            back(nanos);
        }
    }

    /** It is gone, or still away; empty once patience is at its end. */
    Optional<Again> failed() {
        long now = time.nanos();
        if (there) {
            there = false;
            losses++;
            goneAt = now;
            if (Duration.ofNanos(now - backAt).compareTo(patience.longestPause()) >= 0) {
                inARow = 0;
            }
        }
        inARow++;
        Duration left = left(now);
        if (isLostTooOften() || left.isNegative() || left.isZero()) {
            return Optional.empty();
        }
        Duration pause = patience.pauseAfter(inARow);
        return Optional.of(new Again(losses + 1, pause.compareTo(left) < 0 ? pause : left, left));
    }

    boolean isThere() {
        return there;
    }

    boolean isLostTooOften() {
        return losses >= patience.attempts();
    }

    /** Whether patience is at its end, one way or the other. */
    boolean isOver() {
        return !there && (isLostTooOften() || left(time.nanos()).compareTo(Duration.ZERO) <= 0);
    }

    private Duration left(long now) {
        return patience.limit().minusNanos(now - goneAt);
    }
}
