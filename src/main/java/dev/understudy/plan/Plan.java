package dev.understudy.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A playbook with its parameters' values put in and checked: what a run does. Immutable. */
public final class Plan {
    private final Playbook playbook;
    private final Map<String, String> values;
    private final @Nullable PrimarySection primary;
    private final @Nullable StandbySection standby;
    private final List<StepCall> steps;

    Plan(
            Playbook playbook,
            Map<String, String> values,
            @Nullable PrimarySection primary,
            @Nullable StandbySection standby,
            List<StepCall> steps) {
        this.playbook = playbook;
        this.values = Map.copyOf(values);
        this.primary = primary;
        this.standby = standby;
        this.steps = List.copyOf(steps);
    }

    public String name() {
        return playbook.name();
    }

    public String description() {
        return playbook.description();
    }

    /**
     * The primary; there whenever a step needs it.
     *
     * @throws IllegalStateException if the playbook has no such section
     */
    public PrimarySection primary() {
        return findPrimary().orElseThrow(() -> new IllegalStateException("the plan has no primary"));
    }

    /**
     * The standby; there whenever a step needs it.
     *
     * @throws IllegalStateException if the playbook has no such section
     */
    public StandbySection standby() {
        return findStandby().orElseThrow(() -> new IllegalStateException("the plan has no standby"));
    }

    public Optional<PrimarySection> findPrimary() {
        return Optional.ofNullable(primary);
    }

    public Optional<StandbySection> findStandby() {
        return Optional.ofNullable(standby);
    }

    public List<StepCall> steps() {
        return steps;
    }

    public Optional<StepCall> findStep(String kind) {
        return steps.stream().filter(step -> step.kind().name().equals(kind)).findFirst();
    }

    /** The last of several of a kind. */
    public Optional<StepCall> findLastStep(String kind) {
        return steps.stream().filter(step -> step.kind().name().equals(kind)).reduce((first, second) -> second);
    }

    /** True if it ends with a standby proven, not only with its steps verified. */
    public boolean provesStandby() {
        return findStep("prove-consistency").isPresent();
    }

    /** The playbook and the values given to it, without secrets: what may be written to disk. */
    public RedactedPlan redacted() {
        return new Redaction(playbook, values).redact();
    }
}
