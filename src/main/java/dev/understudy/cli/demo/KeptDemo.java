package dev.understudy.cli.demo;

import dev.understudy.cli.console.Console;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Conninfo;
import java.util.ArrayList;
import java.util.List;

/** Says how to use and how to end what {@code --keep} left running. */
final class KeptDemo {
    private KeptDemo() {}

    static void explain(
            Console.Stream people, DemoPrimary primary, Conninfo standby, DemoServer standbyServer, Workshop workshop) {
        people.line("");
        people.line("Both servers go on running; the clients have stopped.");
        people.line("  primary  " + primary.server().dataDirectory());
        people.line("           psql " + ShellQuote.quote(primary.conninfo().keywords()));
        people.line("  standby  " + standbyServer.dataDirectory());
        people.line("           psql " + ShellQuote.quote(standby.keywords()));
        people.line("To stop them and remove all:");
        for (DemoServer server : List.of(standbyServer, primary.server())) {
            people.line("  "
                    + asAccount(
                            workshop,
                            List.of(
                                    server.binDirectory().resolve("pg_ctl").toString(),
                                    "-D",
                                    server.dataDirectory().toString(),
                                    "stop")));
        }
        people.line("  " + ShellQuote.join(List.of("rm", "-r", workshop.root().toString())));
    }

    private static String asAccount(Workshop workshop, List<String> command) {
        List<String> line = new ArrayList<>();
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            line.addAll(List.of("runuser", "-u", workshop.host().account().name(), "--"));
        }
        line.addAll(command);
        return ShellQuote.join(line);
    }
}
