package dev.understudy.cli.demo;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.Attempt;
import dev.understudy.cli.run.Signals;
import dev.understudy.cli.run.State;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.run.Interruption;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbook;
import dev.understudy.plan.PlaybookParameter;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.Conninfo;
import dev.understudy.report.RunReport;
import dev.understudy.report.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The demo, scene by scene. What it makes is cleared away at every end: success, failure, Ctrl-C. */
final class Demo {
    /** About 100 MB: enough for the copy to be seen, little enough to be loaded in a second or two. */
    private static final int ROWS = 140_000;

    private final Console console;
    private final Console.Stream people;
    private final Format format;
    private final Assembler assembler;
    private final DemoVersion version;
    private final boolean keep;
    private final Host local = Hosts.local();
    private final Interruption interruption = new Interruption();

    Demo(Console console, Format format, Assembler assembler, DemoVersion version, boolean keep) {
        this.console = console;
        this.people = console.people(format);
        this.format = format;
        this.assembler = assembler;
        this.version = version;
        this.keep = keep;
    }

    int play() {
        Workshop workshop = Workshop.open(local);
        CleanUp cleanUp = new CleanUp(workshop);
        try (Signals signals = Signals.listen(interruption, Interruption.Mode.UNDO, people::line)) {
            return play(workshop, cleanUp);
        } finally {
            if (cleanUp.isWanted()) {
                cleanUp.run();
                people.line("Both servers are stopped, and \"" + workshop.root() + "\" is removed.");
            }
        }
    }

    private int play(Workshop workshop, CleanUp cleanUp) {
        people.line("PostgreSQL " + version + ", all in \"" + workshop.root() + "\", servers run as \""
                + workshop.host().account().name() + "\".");
        Path bin = scene("server programs unpacked", () -> unpack(workshop)).resolve("bin");
        DemoPrimary primary = scene(
                "primary started, with page checksums",
                () -> cleanUp.startPrimary(bin, () -> DemoPrimary.start(workshop, bin, version.major())));
        Ledger ledger = new Ledger(primary.conninfo());
        scene("data loaded, a third of it in a tablespace", () -> {
            ledger.create(workshop.privateDirectory("tablespace"), ROWS);
            return ledger;
        });
        ledger.startClients();
        people.line("  ✓ %d clients move money between %,d accounts; the sum must stay %,d"
                .formatted(Ledger.CLIENTS, Ledger.ACCOUNTS, Ledger.ACCOUNTS * Ledger.OPENING_BALANCE));
        try (ledger) {
            Conninfo standby = primary.conninfo().with("port", Integer.toString(Workshop.freePort()));
            RunReport report = provision(workshop, cleanUp, primary, bin, standby);
            if (report.outcome() != Outcome.PROVEN) {
                return report.exitCode();
            }
            ledger.requireRunning();
            boolean right = showLedger(Ledger.read(standby, version.major()));
            if (keep) {
                cleanUp.forget();
                DemoServer server =
                        new DemoServer(workshop.host(), bin, workshop.root().resolve("standby"));
                KeptDemo.explain(people, primary, standby, server, workshop);
            }
            return right ? ExitCode.OK.number() : ExitCode.DEFECT.number();
        }
    }

    private Path unpack(Workshop workshop) {
        ServerBinaries binaries = new ServerBinaries(local, Path.of(System.getProperty("understudy.home", ".")));
        Path jar =
                binaries.find(version).orElseGet(() -> binaries.fetch(version, workshop.publicDirectory("download")));
        Path directory = workshop.publicDirectory("pgsql");
        try {
            Unpacking.unpack(jar, directory);
        } catch (IOException e) {
            throw Workshop.failed("could not unpack \"" + jar + "\"", e);
        }
        return directory;
    }

    private RunReport provision(Workshop workshop, CleanUp cleanUp, DemoPrimary primary, Path bin, Conninfo standby) {
        Path data = workshop.privateDirectory("standby");
        Path standbyTablespace = workshop.privateDirectory("standby-tablespace");
        Playbook playbook = Playbooks.load("standby");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("primary", primary.conninfo().keywords());
        values.put("primary_host", "local");
        values.put("data_directory", data.toString());
        values.put("bin_directory", bin.toString());
        values.put("port", standby.get("port").orElseThrow());
        values.put("socket_directory", workshop.root().resolve("sockets").toString());
        values.put("tablespaces", workshop.root().resolve("tablespace") + "=" + standbyTablespace);
        if (local.account().isRoot()) {
            values.put("account", workshop.host().account().name());
        }
        Plan plan = playbook.resolve(known(playbook, values));
        cleanUp.willStartStandby(new DemoServer(workshop.host(), bin, data));
        people.line("");
        try (Assembled assembled = assembler.assemble(plan)) {
            return new Attempt(console, format, Interruption.Mode.UNDO).start(State.runs(), plan, assembled);
        }
    }

    /** Only what the shipped playbook declares. */
    private static Map<String, String> known(Playbook playbook, Map<String, String> values) {
        List<String> names =
                playbook.parameters().stream().map(PlaybookParameter::name).toList();
        Map<String, String> known = new LinkedHashMap<>(values);
        known.keySet().retainAll(names);
        return known;
    }

    private boolean showLedger(Ledger.Reading reading) {
        people.line("");
        people.line("Ledger on the standby, replayed to %s: %,d transfers, sum %,d: %s"
                .formatted(reading.lsn(), reading.transfers(), reading.sum(), reading.isRight() ? "right." : "WRONG."));
        return reading.isRight();
    }

    private <T> T scene(String title, Supplier<T> work) {
        long begin = System.nanoTime();
        T result = work.get();
        if (interruption.isRequested()) {
            throw UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "the demo was told to stop")
                    .build();
        }
        people.line("  ✓ %-44s %8s".formatted(title, Words.duration((System.nanoTime() - begin) / 1e9)));
        return result;
    }
}
