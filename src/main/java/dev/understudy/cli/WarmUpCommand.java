package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Loads the classes of an ordinary start, so that the launcher can record them in a class-data archive. */
@Command(name = "warm-up", hidden = true, description = "Loads classes for the launcher's class-data archive.")
final class WarmUpCommand implements Runnable {
    private final Console console;

    WarmUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Main.execute(console, "--version");
        Main.execute(console, "--help");
        Main.execute(console, "no-such-command");
        new CommandLine(new RootCommand()).usage(console.out().print());
    }
}
