package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Engine;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.engine.run.Interruption;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbook;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a standby wrong, or a run take away what is not its own, done to a run by hand. */
final class SabotageIT {
    @TempDir
    private Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "touch recovery.signal",
                "cp base/1/1259 base/1/1259.1",
                "rm standby.signal",
                "rm base/1/1259",
                "touch -r backup_label \"$0.time\"; printf X | dd of=backup_label bs=1 seek=20 conv=notrunc;"
                        + " touch -r \"$0.time\" backup_label; rm \"$0.time\""
            })
    void changeBetweenRenderingAndStartIsNoticed(String command) throws IOException {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.V16).withChecksums().start()) {
            String script = Files.writeString(
                            scratch.resolve("sabotage"), "cd \"$UNDERSTUDY_DATA_DIRECTORY\" && " + command + "\n")
                    .toString();

            RunState end =
                    run(primary, withCommandBefore("start-standby", "sh " + script), Map.of(), EngineListener.NONE);

            assertThat(end.outcome()).isEqualTo(Outcome.UNDONE);
            assertThat(end.error().orElseThrow().message()).endsWith("of the target is not as the copy left it");
        }
    }

    @Test
    void slotThatAnotherMadeInTheSameMomentStays() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            EngineListener other = event -> {
                if (event instanceof JournalEvent.FactRecorded fact
                        && fact.name().equals("slot_made")
                        && fact.value().equals("true")) {
                    primary.execute("select pg_create_physical_replication_slot('understudy', true)");
                }
            };

            RunState end = run(primary, Playbooks.load("standby"), Map.of(), other);

            assertThat(end.error().orElseThrow().message()).isEqualTo("replication slot \"understudy\" already exists");
            assertThat(primary.query("select count(*) from pg_replication_slots"))
                    .isEqualTo("1");
        }
    }

    @Test
    void severalServersBehindOneConnectionStringAreNotMixed() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start();
                EmbeddedPostgres other = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            String both = "host=127.0.0.1,127.0.0.1 port=" + primary.port() + "," + other.port()
                    + " user=postgres dbname=postgres load_balance_hosts=random";

            RunState end = run(primary, Playbooks.load("standby"), Map.of("primary", both), EngineListener.NONE);

            assertThat(end.outcome()).isNotEqualTo(Outcome.PROVEN);
        }
    }

    private Playbook withCommandBefore(String step, String command) throws IOException {
        String line = "  - " + step;
        String text = Playbooks.load("standby").text();
        return Playbooks.load(Files.writeString(
                        scratch.resolve("sabotage.yaml"),
                        text.replace(line, "  - run: {command: \"" + command + "\"}\n" + line))
                .toString());
    }

    private RunState run(
            EmbeddedPostgres primary, Playbook playbook, Map<String, String> more, EngineListener listener) {
        Map<String, String> parameters = new TreeMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "data_directory", primary.scratch("w").resolve("standby").toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "bin_directory", primary.binDirectory().toString()));
        parameters.putAll(more);
        Plan plan = playbook.resolve(parameters);
        Runs runs = new Runs(scratch.resolve("state"), Clock.systemUTC(), ProcessInfo.current("test"));
        try (Site site = new SiteOpener(Hosts::open).open(plan)) {
            RunDefinition definition = Provisioning.assemble(plan, site);
            RunHeader header = new RunHeader(
                    "standby",
                    playbook.text(),
                    Map.of(),
                    List.of(),
                    site.target().display(),
                    definition.names(),
                    Outcome.PROVEN);
            try (OpenRun run = runs.create(header)) {
                return new Engine(definition, listener, new Interruption()).run(run);
            }
        }
    }
}
