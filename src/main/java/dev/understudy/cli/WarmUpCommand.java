package dev.understudy.cli;

import dev.understudy.cli.console.Console;
import dev.understudy.plan.Playbook;
import dev.understudy.plan.Playbooks;
import dev.understudy.report.Json;
import java.util.List;
import java.util.Map;
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
        Main.execute(console, "run", "--help");
        Main.execute(console, "no-such-command");
        Main.execute(console, "playbooks");
        Main.execute(console, "runs");
        Main.execute(console, "inspect", "control", "/nonexistent");
        Main.execute(
                console,
                "plan",
                "standby",
                "-e",
                "primary=host=/nonexistent",
                "-e",
                "data_directory=/nonexistent/standby");
        Playbooks.shipped().stream()
                .map(Playbooks::load)
                .map(Playbook::parameters)
                .forEach(any -> {});
        Json.pretty(Map.of("numbers", List.of(1, 2.5)));
    }
}
