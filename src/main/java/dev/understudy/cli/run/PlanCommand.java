package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.Step;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.report.Json;
import dev.understudy.report.Paint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what a run would do. */
@Command(
        name = "plan",
        description = {
            "Says what a run would do: every check that changes nothing, with its result, and what each step would do.",
            "Changes nothing. Exit code 1 if a check fails."
        },
        footer = {
            "",
            "Examples:",
            "  understudy plan standby -e primary='host=db1 user=postgres' -e data_directory=/srv/pg/data",
            "  understudy plan standby -e primary=service=db1 -e data_directory=/srv/pg/data --format json \\",
            "    | jq -r '.checks[].grants[]'"
        })
public final class PlanCommand implements Callable<Integer> {
    private final Console console;
    private final Assembler assembler;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Mixin
    private final FormatOption format = new FormatOption();

    public PlanCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        Plan plan = options.plan();
        try (Assembled assembled = assembler.assemble(plan);
                LookingContext context = new LookingContext()) {
            List<PlannedStep> steps = look(plan, assembled, context);
            List<PlanCheck> checks = PlanCheck.published(context.published("preflight"));
            PlanPrint print = new PlanPrint(plan, assembled.target(), checks, steps, context.warnings());
            if (format.isJson()) {
                console.out().line(Json.pretty(print.tree()));
            } else {
                print.lines(console.out().colour() ? Paint.COLOURED : Paint.PLAIN)
                        .forEach(console.out()::line);
            }
            return print.isReady() ? ExitCode.OK.number() : ExitCode.FINDINGS.number();
        }
    }

    private static List<PlannedStep> look(Plan plan, Assembled assembled, LookingContext context) {
        List<PlannedStep> planned = new ArrayList<>();
        for (Step step : assembled.definition().steps()) {
            planned.add(PlannedStep.of(step, summary(plan, step.name()), context));
        }
        return planned;
    }

    private static String summary(Plan plan, String step) {
        return plan.steps().stream()
                .filter(call -> call.name().equals(step))
                .map((StepCall call) -> call.kind().summary())
                .findFirst()
                .orElse("");
    }
}
