package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.engine.Step;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.report.Paint;
import java.util.ArrayList;
import java.util.List;

/** What a run would do, looked at and not done. */
public final class PlanPreview {
    private PlanPreview() {}

    /** Looks, and shows people what each step would do; true if nothing stands in the way. */
    public static boolean show(Console.Stream people, Plan plan, Assembled assembled) {
        PlanPrint print = of(plan, assembled);
        print.lines(people.colour() ? Paint.COLOURED : Paint.PLAIN).forEach(people::line);
        return print.isReady();
    }

    static PlanPrint of(Plan plan, Assembled assembled) {
        try (LookingContext context = new LookingContext()) {
            List<PlannedStep> steps = new ArrayList<>();
            for (Step step : assembled.definition().steps()) {
                steps.add(PlannedStep.of(step, summary(plan, step.name()), context));
            }
            List<PlanCheck> checks = PlanCheck.published(context.published("preflight"));
            return new PlanPrint(plan, assembled.target(), checks, steps, context.warnings());
        }
    }

    private static String summary(Plan plan, String step) {
        return plan.steps().stream()
                .filter(call -> call.name().equals(step))
                .map((StepCall call) -> call.kind().summary())
                .findFirst()
                .orElse("");
    }
}
