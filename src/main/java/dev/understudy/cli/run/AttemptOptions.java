package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.engine.run.Interruption.Mode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How an attempt prints what it does, and what becomes of what it made when it does not come to its end. */
final class AttemptOptions {
    @Mixin
    private final FormatOption format = new FormatOption();

    @Option(names = "--keep-on-interrupt", description = "When told to stop, leave what was made for resume.")
    private boolean keepOnInterrupt;

    @Option(
            names = "--keep-on-failure",
            description = "When a step fails, leave what was made for resume, with other values where they were wrong.")
    private boolean keepOnFailure;

    Attempt attempt(Console console) {
        Mode onInterrupt = keepOnInterrupt ? Mode.KEEP : Mode.UNDO;
        return new Attempt(console, format.format(), onInterrupt).keepingOnFailure(keepOnFailure);
    }
}
