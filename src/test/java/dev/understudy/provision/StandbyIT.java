package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.understudy.engine.Outcome;
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
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.Oracles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways besides a slot and a copy of our own, each to its proof on a real pair. */
final class StandbyIT {
    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "15"})
    void walIsReceivedIntoTheCopy(String major) {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.parse(major)).start()) {
            primary.execute("create table t as select g from generate_series(1, 100000) g");
            RunState end = run("standby", primary, Map.of("via", "sql", "wal", "stream"));
            assertThat(end.outcome()).as("%s", end.failure()).isEqualTo(Outcome.PROVEN);
            assertThat(primary.query("select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
        }
    }

    /** Segments come all the while, also while the directory that they go into is cleared away. */
    @Test
    void nothingIsLeftOfARunThatFailsWhileItReceivesWal() throws Exception {
        String text = Playbooks.load("standby").text();
        Path playbook = Files.writeString(
                state.resolve("failing.yaml"),
                text.replace("  - stop-backup\n", "  - run: {command: 'exit 7'}\n  - stop-backup\n"));
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute("create table t (a int)");
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    primary.execute("insert into t values (1)", "select pg_switch_wal()");
                }
            });
            RunState end = run(playbook.toString(), primary, Map.of("via", "sql", "wal", "stream"));
            over.set(true);
            writer.get(60, TimeUnit.SECONDS);

            assertThat(end.outcome()).as("%s", end.left()).isEqualTo(Outcome.UNDONE);
            assertThat(end.failure().toString()).contains("7");
            assertThat(primary.scratch("w").resolve("standby")).doesNotExist();
            LeftBehind.nothingOn(primary);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "18"})
    void walComesFromAnArchive(String major) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(ServerMajor.parse(major));
        Path archive = Files.createTempDirectory("understudy-archive");
        Account.give(archive);
        try (EmbeddedPostgres primary = builder.withSetting("archive_mode", "on")
                .withSetting("archive_command", "cp %p " + archive + "/%f")
                .start()) {
            primary.execute("create table t as select g from generate_series(1, 100000) g", "select pg_switch_wal()");
            await().until(() -> !"0".equals(primary.query("select archived_count from pg_stat_archiver")));
            RunState end =
                    run("standby", primary, Map.of("wal", "archive", "restore_command", "cp " + archive + "/%f %p"));
            assertThat(end.outcome()).as("%s", end.failure()).isEqualTo(Outcome.PROVEN);
        }
    }

    @Test
    void everythingIsReadAgainAtFullDepth() {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.V17).withChecksums().start()) {
            primary.execute(
                    "create extension amcheck",
                    "create table t as select g from generate_series(1, 100000) g",
                    "create index on t(g)");
            RunState end = run("standby", primary, Map.of("via", "local", "primary_host", "local", "depth", "full"));
            assertThat(end.outcome()).as("%s", end.failure()).isEqualTo(Outcome.PROVEN);
            assertThat(end.toString()).contains("bt_index_check");
        }
    }

    @Test
    void aCommandStartsItAndItsWalLiesElsewhere() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V16).start()) {
            Path target = primary.scratch("w").resolve("standby");
            Path wal = primary.scratch("w").resolve("wal");
            String start = String.join(
                    " ",
                    Account.asServer(List.of(
                            primary.binDirectory().resolve("pg_ctl").toString(),
                            "-D",
                            "\"$UNDERSTUDY_DATA_DIRECTORY\"",
                            "-l",
                            target + ".log",
                            "-W",
                            "start")));
            RunState end =
                    run("standby", primary, Map.of("via", "sql", "wal_directory", wal.toString(), "start", start));
            assertThat(end.outcome()).as("%s", end.failure()).isEqualTo(Outcome.PROVEN);
            assertThat(target.resolve("pg_wal")).isSymbolicLink();
            assertThat(target.resolve("pg_wal")).as("what the link leads to").isDirectoryContaining("glob:**00000001*");
            assertThat(wal).isDirectoryContaining("glob:**00000001*");
            assertThat(Path.of(target + ".log")).isNotEmptyFile();
        }
    }

    @Test
    void aRoleThatMayOnlyReplicateUsesThePrograms() {
        Oracles.program("pg_basebackup");
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute(
                    "create role replicator login replication",
                    "create table t as select g from generate_series(1, 100000) g");
            RunState end = run(
                    "basebackup",
                    primary,
                    Map.of(
                            "primary", primary.conninfo().replace("user=postgres", "user=replicator"),
                            "bin_directory", Oracles.binDirectory().toString()));
            assertThat(end.outcome()).as("%s", end.failure()).isEqualTo(Outcome.PROVEN);
        }
    }

    private RunState run(String name, EmbeddedPostgres primary, Map<String, String> more) {
        String target = primary.scratch("w").resolve("standby").toString();
        Map<String, String> values = new HashMap<>(Map.of(
                "primary", primary.conninfo(),
                "data_directory", target,
                "socket_directory", primary.socketDirectory().toString(),
                "bin_directory", primary.binDirectory().toString()));
        values.putAll(more);
        Playbook playbook = Playbooks.load(name);
        Plan plan = playbook.resolve(values);
        Runs runs = new Runs(state, Clock.systemUTC(), ProcessInfo.current("test"));
        try (Site site = new SiteOpener(Hosts::open).open(plan)) {
            RunDefinition definition = Provisioning.assemble(plan, site);
            RunHeader header = new RunHeader(
                    playbook.name(), playbook.text(), Map.of(), List.of(), target, definition.names(), Outcome.PROVEN);
            try (OpenRun run = runs.create(header)) {
                RunState end = new Engine(definition, EngineListener.NONE, new Interruption()).run(run);
                stop(site, definition);
                return end;
            }
        }
    }

    /** The standby is a server of its own, which outlives the run. */
    private static void stop(Site site, RunDefinition definition) {
        assertThat(definition.names()).contains("start-standby");
        site.target()
                .host()
                .run(dev.understudy.host.Command.shell(
                        "[ ! -e \"$1/postmaster.pid\" ] || kill -QUIT \"$(head -n 1 \"$1/postmaster.pid\")\"",
                        site.target().dataDirectory()));
    }
}
