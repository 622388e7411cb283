package dev.understudy.engine.journal;

import dev.understudy.engine.Outcome;
import java.util.List;
import java.util.Map;

/**
 * What is known of a run before it starts.
 *
 * @param playbook its name, part of the run's name
 * @param playbookText the playbook as read with secrets removed, kept beside the journal
 * @param parameters the playbook's parameters with secrets removed
 * @param withheld names of what was removed, to be given again on resume
 * @param target what the run builds, such as host and data directory; one live run a target
 * @param steps the steps' names, in order
 * @param goal {@link Outcome#PROVEN}, or {@link Outcome#DONE} if there is no standby to prove
 */
public record RunHeader(
        String playbook,
        String playbookText,
        Map<String, String> parameters,
        List<String> withheld,
        String target,
        List<String> steps,
        Outcome goal) {
    public RunHeader {
        parameters = Map.copyOf(parameters);
        withheld = List.copyOf(withheld);
        steps = List.copyOf(steps);
    }
}
