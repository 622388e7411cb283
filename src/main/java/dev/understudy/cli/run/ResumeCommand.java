package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    private final FormatOption format = new FormatOption();

    @Option(names = "--keep-on-interrupt", description = "When told to stop, leave what was made for resume.")
    private boolean keepOnInterrupt;

    @Option(
            names = "--keep-on-failure",
            description = "When a step fails, leave what was made for resume, with other values where they were wrong.")
    private boolean keepOnFailure;

    public ResumeCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        Runs runs = State.runs();
        try (OpenRun run = earlier.open(runs);
                Assembled assembled = assembler.assemble(earlier.plan(runs, run))) {
            Mode onInterrupt = keepOnInterrupt ? Mode.KEEP : Mode.UNDO;
            return new Attempt(console, format.format(), onInterrupt)
                    .keepingOnFailure(keepOnFailure)
                    .resume(run, assembled)
                    .exitCode();
        }
    }
}
