package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.Runs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Finishes an interrupted run. */
@Command(
        name = "resume",
        description = {"Finishes an interrupted run.", "What is already right is compared and kept, not done again."},
        footer = {"", "Example:", "  understudy resume 20261120T075100Z-standby-3f2a"})
public final class ResumeCommand implements Callable<Integer> {
    private final Console console;
    private final Assembler assembler;

    @Mixin
    private final EarlierRun earlier = new EarlierRun();

    @Mixin
    private final AttemptOptions attempt = new AttemptOptions();

    public ResumeCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        Runs runs = State.runs();
        try (OpenRun run = earlier.open(runs);
                Assembled assembled = assembler.assemble(earlier.plan(runs, run))) {
            return attempt.attempt(console).resume(run, assembled).exitCode();
        }
    }
}
