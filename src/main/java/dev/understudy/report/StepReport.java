package dev.understudy.report;

import dev.understudy.engine.Evidence;
import java.util.List;
import java.util.Optional;

/**
 * One step of a run, as it ended or stands.
 *
 * @param name the step's name in the plan
 * @param state where it stands
 * @param attempts how often its work was begun
 * @param intent what it was going to do when it was last looked at; empty if nothing was to be done
 * @param startSeconds when it was begun, counted from the begin of the run
 * @param seconds how long it took in all, waits included
 * @param evidence what was seen, oldest first
 * @param problem why it failed
 */
public record StepReport(
        String name,
        StepState state,
        int attempts,
        String intent,
        double startSeconds,
        double seconds,
        List<Evidence> evidence,
        Optional<Problem> problem) {
    public StepReport {
        evidence = List.copyOf(evidence);
    }
}
