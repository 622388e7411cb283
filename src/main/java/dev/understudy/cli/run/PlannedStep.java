package dev.understudy.cli.run;

import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.report.Problem;
import java.util.Optional;

/**
 * What a step would do if the plan were run now.
 *
 * @param name the step's name in the plan
 * @param state {@code satisfied}, {@code pending}, {@code conflicting}, or {@code later} where that hangs on what earlier
 *     steps find
 * @param intent what it would do
 * @param problem what stands in its way
 */
record PlannedStep(String name, String state, String intent, Optional<Problem> problem) {
    /**
     * Looks at a step.
     *
     * @param summary what its kind does, for want of anything more exact
     */
    static PlannedStep of(Step step, String summary, StepContext context) {
        try {
            return step.probe(context)
                    .match(
                            satisfied -> new PlannedStep(step.name(), "satisfied", "nothing to do", Optional.empty()),
                            (Probe.Pending pending) ->
                                    new PlannedStep(step.name(), "pending", pending.intent(), Optional.empty()),
                            conflicting -> failed(step, summary, conflicting.error()));
        } catch (UnderstudyException e) {
            // A fact that only an earlier step's work can record is missing: there is nothing wrong with that here.
            return e.code() == ErrorCode.DEFECT
                    ? new PlannedStep(step.name(), "later", summary, Optional.empty())
                    : failed(step, summary, e);
        }
    }

    private static PlannedStep failed(Step step, String summary, UnderstudyException error) {
        return new PlannedStep(step.name(), "conflicting", summary, Optional.of(Problem.of(error)));
    }
}
