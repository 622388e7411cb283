package dev.understudy.engine.journal;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a journal tells of a run. It follows from the events alone ({@link #of}); reports are renderings of it.
 *
 * @param start the journal's first line
 * @param steps in the plan's order
 * @param facts what later steps and processes know
 * @param published parts of the report by name, such as {@code copy} and {@code proof}
 * @param warnings in order, without repetitions
 * @param waiting what the run last said that it waits for; empty if the step has moved on
 * @param outcome {@link Outcome#INTERRUPTED} as long as there is no last line: the journal cannot know whether a process
 *     is alive, {@link Runs} does
 * @param lastEventAt when the last line was written
 * @param failure why the run ended so, or the last error of one that has not ended; null if there is none
 * @param left what could not be undone
 * @param undoing true once the run takes back what it made
 * @param aborted true once somebody asked for that rather than an error
 */
public record RunState(
        JournalEvent.RunStarted start,
        List<StepState> steps,
        Facts facts,
        Map<String, Map<String, Object>> published,
        List<String> warnings,
        String waiting,
        Outcome outcome,
        Instant lastEventAt,
        @Nullable Failure failure,
        List<Failure> left,
        boolean undoing,
        boolean aborted) {
    public RunState {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
        left = List.copyOf(left);
    }

    /**
     * Folds a journal's events.
     *
     * @throws IllegalArgumentException if the first event is not {@code run-started}
     */
    public static RunState of(List<JournalEvent> events) {
        RunStateBuilder builder = new RunStateBuilder();
        events.forEach(builder::accept);
        return builder.build();
    }

    public String run() {
        return start.run();
    }

    /** Why the run ended as it did, or what last went wrong in one that has not ended. */
    public Optional<Failure> error() {
        return Optional.ofNullable(failure);
    }

    /** True if the journal has its last line. */
    public boolean isFinished() {
        return outcome != Outcome.INTERRUPTED && outcome != Outcome.RUNNING;
    }

    /** From the first to the last line, in seconds. */
    public double seconds() {
        return java.time.Duration.between(start.at(), lastEventAt).toNanos() / 1e9;
    }

    public Optional<StepState> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    /** The same, but known to be worked on by a live process. */
    RunState running() {
        return new RunState(
                start,
                steps,
                facts,
                published,
                warnings,
                waiting,
                Outcome.RUNNING,
                lastEventAt,
                failure,
                left,
                undoing,
                aborted);
    }
}
