package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * A step that there is nothing to do for once the copy has shown what it cannot, or is being removed. What it made it
 * takes back all the same.
 */
record UnlessOver(Step step) implements Step {
    private static Optional<String> reason(StepContext context) {
        Protocol protocol = new Protocol(context);
        return protocol.isClearing()
                ? Optional.of("the rehearsal is at its end")
                : protocol.whyOver().map(why -> "not reached: " + why);
    }

    @Override
    public String name() {
        return step.name();
    }

    @Override
    public Probe probe(StepContext context) {
        return reason(context).isPresent() ? new Probe.Satisfied(List.of()) : step.probe(context);
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        return step.apply(context);
    }

    /** What ended the rehearsal is a finding, which is what a rehearsal is for, and no failure of the step. */
    @Override
    public Verdict verify(StepContext context) {
        return reason(context)
                .<Verdict>map(why -> new Verdict.Verified(List.of(context.evidence(why, "the run's journal"))))
                .orElseGet(() -> step.verify(context));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return step.undo(context);
    }
}
