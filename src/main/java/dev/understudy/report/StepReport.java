package dev.understudy.report;

import dev.understudy.engine.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One step of a run, as it ended or stands.
 *
 * @param name the step's name in the plan
 * @param state where it stands
 * @param attempts how often its work was begun
 * @param startedAt when it was first begun
 * @param seconds how long it took in all, waits included
 * @param evidence what was seen, oldest first
 * @param undone what was taken back when the run gave up
 * @param problem why it failed
 */
public record StepReport(
        String name,
        StepState state,
        int attempts,
        Optional<Instant> startedAt,
        double seconds,
        List<Evidence> evidence,
        List<Evidence> undone,
        Optional<Problem> problem) {
    public StepReport {
        evidence = List.copyOf(evidence);
        undone = List.copyOf(undone);
    }
}
