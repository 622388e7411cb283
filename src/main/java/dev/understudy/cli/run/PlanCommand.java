package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.plan.Plan;
import dev.understudy.report.Json;
import dev.understudy.report.Paint;
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
        try (Assembled assembled = assembler.assemble(plan)) {
            PlanPrint print = PlanPreview.of(plan, assembled);
            if (format.isJson()) {
                console.out().line(Json.pretty(print.tree()));
            } else {
                print.lines(console.out().colour() ? Paint.COLOURED : Paint.PLAIN)
                        .forEach(console.out()::line);
            }
            return print.isReady() ? ExitCode.OK.number() : ExitCode.FINDINGS.number();
        }
    }
}
