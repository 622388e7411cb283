package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Clears away what an interrupted run made. */
@Command(
        name = "abort",
        description = {
            "Clears away what an interrupted or failed run made: slot, started server, half-copied directory.",
            "Nothing that the run did not make is touched. A directory that was seeded anew gets its old contents back, until its new server has started."
        },
        footer = {"", "Example:", "  understudy abort 20261120T075100Z-standby-3f2a"})
public final class AbortCommand implements Callable<Integer> {
    private final Console console;
    private final Assembler assembler;

    @Mixin
    private final EarlierRun earlier = new EarlierRun();

    @Mixin
    private final FormatOption format = new FormatOption();

    public AbortCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    /** That all is cleared is what was asked for: success here, whatever became of the run. */
    @Override
    public Integer call() {
        Runs runs = State.runs();
        try (OpenRun run = earlier.open(runs);
                Assembled assembled = assembler.assemble(earlier.plan(runs, run))) {
            return new Attempt(console, format.format(), Mode.KEEP)
                    .abort(run, assembled)
                    .exitCode();
        }
    }
}
