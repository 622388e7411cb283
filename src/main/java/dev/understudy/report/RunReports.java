package dev.understudy.report;

import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a report of what a journal tells, and of nothing else. */
public final class RunReports {
    private RunReports() {}

    /**
     * The report of a run as it stands.
     *
     * @param exitCode what a process that ends like this tells its caller
     */
    public static RunReport of(RunState state, int exitCode) {
        Map<String, Map<String, ?>> parts = new LinkedHashMap<>(state.published());
        return new RunReport(
                state.run(),
                state.start().playbook(),
                state.start().target(),
                state.outcome(),
                exitCode,
                state.start().at(),
                state.seconds(),
                steps(state),
                parts,
                state.warnings(),
                state.error().map(RunReports::problem),
                state.left().stream().map(RunReports::problem).toList(),
                state.facts().values());
    }

    /** Steps run one after the other, so each began when those before it had taken their time. */
    private static List<StepReport> steps(RunState state) {
        List<StepReport> steps = new ArrayList<>();
        double begin = 0;
        for (dev.understudy.engine.journal.StepState step : state.steps()) {
            steps.add(new StepReport(
                    step.name(),
                    state(step.phase()),
                    step.attempts(),
                    step.intent(),
                    begin,
                    step.seconds(),
                    step.evidence(),
                    step.error().map(RunReports::problem)));
            begin += step.seconds();
        }
        return steps;
    }

    private static StepState state(dev.understudy.engine.journal.StepState.Phase phase) {
        return switch (phase) {
            case PENDING -> StepState.PENDING;
            case APPLYING -> StepState.APPLYING;
            case APPLIED -> StepState.APPLIED;
            case VERIFIED -> StepState.VERIFIED;
            case FAILED -> StepState.FAILED;
            case UNDONE -> StepState.UNDONE;
        };
    }

    private static Problem problem(Failure failure) {
        return new Problem(failure.number(), failure.message(), failure.detail(), failure.hints());
    }
}
