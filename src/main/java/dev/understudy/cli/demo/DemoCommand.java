package dev.understudy.cli.demo;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.FormatOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows on one machine what Understudy does. */
@Command(
        name = "demo",
        description = {
            "Builds a standby of a busy primary on this machine and proves it, in half a minute.",
            "Brings its own PostgreSQL; needs nothing and leaves nothing running."
        },
        footer = {"", "Examples:", "  understudy demo", "  understudy demo --pg-version 13", "  understudy demo --keep"
        })
public final class DemoCommand implements Callable<Integer> {
    private final Console console;
    private final Assembler assembler;

    @Option(
            names = "--pg-version",
            paramLabel = "VERSION",
            description = "PostgreSQL to show it on: a major from 9.6 to 18, or a full version such as 17.2."
                    + " What did not come with the build is fetched through Maven. By default the newest.")
    private String version = "";

    @Option(
            names = "--keep",
            description = "Leaves both servers running, and says how to connect and how to stop them.")
    private boolean keep;

    @Mixin
    private final FormatOption format = new FormatOption();

    public DemoCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        DemoVersion chosen = version.isEmpty() ? DemoVersion.newest() : DemoVersion.parse(version);
        return new Demo(console, format.format(), assembler, chosen, keep).play();
    }
}
