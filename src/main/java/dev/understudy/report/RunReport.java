package dev.understudy.report;

import dev.understudy.engine.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One run, as it ended or stands. Text, JSON and HTML are renderings of this and of nothing else.
 *
 * @param run the run's name
 * @param playbook the playbook's name
 * @param target what the run works on, for people: the standby's data directory; may be empty
 * @param outcome how it ended
 * @param exitCode what the process told its caller; the front door decides that
 * @param startedAt when the run began
 * @param seconds from its begin to its end or to now
 * @param steps in the plan's order
 * @param parts what the steps published by name: {@code copy}, {@code proof}
 * @param warnings what a person should know although it stopped nothing
 * @param problem why it did not end well
 * @param left what could not be taken back; each names it and the command that clears it
 * @param facts what the steps recorded, sorted by name
 */
public record RunReport(
        String run,
        String playbook,
        String target,
        Outcome outcome,
        int exitCode,
        Instant startedAt,
        double seconds,
        List<StepReport> steps,
        Map<String, Map<String, ?>> parts,
        List<String> warnings,
        Optional<Problem> problem,
        List<Problem> left,
        Map<String, String> facts) {
    public static final String COPY = "copy";
    public static final String PROOF = "proof";

    public RunReport {
        steps = List.copyOf(steps);
        parts = new TreeMap<>(parts);
        warnings = List.copyOf(warnings);
        left = List.copyOf(left);
        facts = new TreeMap<>(facts);
    }

    /** True if this is why the run ended so: it stands at the top and needs no second telling. */
    boolean isShownFirst(Problem other) {
        return problem.filter(other::equals).isPresent() || left.contains(other);
    }

    /** What a step published under a name; empty if none did. */
    public Section part(String name) {
        Map<String, ?> content = parts.get(name);
        return new Section(content == null ? Map.of() : content);
    }

    public Optional<StepReport> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }
}
