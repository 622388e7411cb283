package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.plan.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Does what a playbook says. */
@Command(
        name = "run",
        description = {
            "Runs a playbook: builds a standby and proves it.",
            "Ends with a standby proven consistent, or with all that the run made taken back."
        },
        footer = {
            "",
            "Examples:",
            "  understudy run standby -e primary='host=db1 user=postgres' -e data_directory=/srv/pg/data",
            "  understudy run ./our-standby.yaml -e primary=service=db1 --format json | tail -n 1 | jq .outcome",
            "",
            "Ctrl-C or SIGTERM takes back what was made; a second one stops at once and leaves the run for resume.",
            "Losing the terminal (SIGHUP) always leaves it for resume."
        })
public final class RunCommand implements Callable<Integer> {
    private final Console console;
    private final Assembler assembler;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Mixin
    private final AttemptOptions attempt = new AttemptOptions();

    public RunCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        Plan plan = options.plan();
        try (Assembled assembled = assembler.assemble(plan)) {
            return attempt.attempt(console).start(State.runs(), plan, assembled).exitCode();
        }
    }
}
