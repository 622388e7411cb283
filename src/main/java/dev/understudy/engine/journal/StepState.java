package dev.understudy.engine.journal;

import dev.understudy.engine.Evidence;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a journal tells of one step. */
public final class StepState {
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

    private final String name;
    private final Phase phase;
    private final int attempts;
    private final double seconds;
    private final boolean begun;
    private final String intent;
    private final List<Evidence> evidence;
    private final @Nullable Failure error;

    StepState(
            String name,
            Phase phase,
            int attempts,
            double seconds,
            boolean begun,
            String intent,
            List<Evidence> evidence,
            @Nullable Failure error) {
        this.name = name;
        this.phase = phase;
        this.attempts = attempts;
        this.seconds = seconds;
        this.begun = begun;
        this.intent = intent;
        this.evidence = List.copyOf(evidence);
        this.error = error;
    }

    public String name() {
        return name;
    }

    public Phase phase() {
        return phase;
    }

    /** How often it was begun, over all processes; 0 if never. */
    public int attempts() {
        return attempts;
    }

    /** Time spent on it, in seconds, over all attempts that came to an end. */
    public double seconds() {
        return seconds;
    }

    /** True if it may have made something that was not taken back. */
    public boolean hasBegun() {
        return begun;
    }

    /** What it was going to do when it was last probed; empty if nothing was to be done. */
    public String intent() {
        return intent;
    }

    /** What was seen by the last attempt: by probe, apply, verify and undo, in this order. */
    public List<Evidence> evidence() {
        return evidence;
    }

    public Optional<Failure> error() {
        return Optional.ofNullable(error);
    }
}
