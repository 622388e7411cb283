package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.NetworkHosts;
import dev.understudy.testing.SessionSwapper;
import dev.understudy.testing.StagedRun;
import dev.understudy.testing.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The backup's session is lost, each way that it can be: noticed within ten seconds, begun anew with what is copied kept,
 * and then proven; or, past the limit, undone.
 */
@DisplayName("The backup session lost")
final class BackupSessionLostIT {
    private static final ServerMajor MAJOR = ServerMajor.V17;
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(10);

    private static EmbeddedPostgres primary;

    @TempDir
    private Path directory;

    private Path target;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR)
                .withChecksums()
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .withSetting("autovacuum", "off")
                .start();
        primary.execute(
                "create table t as select g, repeat('x', 100) from generate_series(1, 100000) g",
                "vacuum freeze",
                "create role hasty superuser login",
                "alter role hasty set idle_session_timeout = '1s'",
                "alter role hasty set statement_timeout = '1s'",
                "alter role hasty set transaction_timeout = '1s'",
                "alter role hasty set idle_in_transaction_session_timeout = '1s'",
                "alter role hasty set tcp_user_timeout = '1s'",
                "create database hasty",
                "alter database hasty set idle_session_timeout = '1s'",
                "alter database hasty set statement_timeout = '1s'");
    }

    @AfterAll
    static void stopPrimary() {
        primary.close();
    }

    @BeforeEach
    void chooseTarget(TestInfo test) {
        target = primary.scratch("work")
                .resolve(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void stopStandby() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Awaitility.await("the slots to be free")
                .until(() -> "0".equals(primary.query("select count(*) from pg_replication_slots where active")));
        primary.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    private StagedRun run(Map<String, String> changed) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
        parameters.putAll(changed);
        return StagedRun.of(directory, "standby", parameters);
    }

    /** A run that has copied everything and holds its backup open. */
    private StagedRun copied(Map<String, String> changed) {
        StagedRun run = run(changed).stageBefore("stop-backup").start();
        run.awaitStage();
        return run;
    }

    /** Noticed in time, begun again, and proven with next to nothing sent twice. */
    private static void noticedAndProven(StagedRun run) {
        run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
        run.goOn();
        proven(run);
    }

    private static void proven(StagedRun run) {
        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
        assertThat(run.heard(JournalEvent.BracketRestarted.class)).isNotEmpty();
        Map<String, Object> copy = end.published().get("copy");
        long total = ((Number) copy.get("bytesTotal")).longValue();
        long sentAgain = ((Number) copy.get("bytesTransferred")).longValue();
        System.out.printf("sent again: %,d of %,d bytes%n", sentAgain, total);
        assertThat(sentAgain).as("sent again, of %d bytes", total).isLessThan(total / 4);
        assertThat(end.facts().get("label")).endsWith(" " + end.facts().get("backups_begun"));
    }

    private static void terminateSessions() {
        primary.query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where application_name = 'understudy'");
    }

    @Test
    @DisplayName("Its server process is terminated: noticed within 10 s, begun again, proven")
    void terminated() {
        StagedRun run = copied(Map.of());
        terminateSessions();
        noticedAndProven(run);
    }

    @Test
    @DisplayName("It is terminated in the middle of a copy by SQL: what was copied is compared and kept")
    void terminatedDuringACopyBySql() {
        StagedRun run = run(Map.of("via", "sql", "rate_limit", "20MB")).start();
        Awaitility.await("the copy")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(target.resolve("base/1/1259")));
        terminateSessions();
        run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
    }

    @Test
    @DisplayName("The primary crashes and comes back: noticed within 10 s, begun again, proven")
    void crashed() {
        StagedRun run = copied(Map.of());
        primary.crash();
        run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
        primary.start();
        noticedAndProven(run);
    }

    @Test
    @DisplayName("The primary is restarted cleanly: noticed within 10 s, begun again, proven")
    void restarted() {
        StagedRun run = copied(Map.of());
        primary.restart();
        noticedAndProven(run);
    }

    @Test
    @DisplayName("The connection is cut: noticed within 10 s, begun again, proven")
    void cut() {
        try (TcpProxy proxy = TcpProxy.start(primary.port())) {
            StagedRun run = copied(Map.of("primary", through(proxy)));
            proxy.cut();
            noticedAndProven(run);
        }
    }

    @Test
    @DisplayName("The network falls silent for longer than its keepalive: noticed within 10 s, begun again, proven")
    void silent() {
        try (TcpProxy proxy = TcpProxy.start(primary.port())) {
            StagedRun run = copied(Map.of("primary", through(proxy)));
            proxy.stall();
            run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
            proxy.resume();
            noticedAndProven(run);
        }
    }

    @Test
    @DisplayName("The network falls silent while the stop waits for the archiver: noticed within 10 s, then proven")
    void silentDuringTheStop() {
        primary.configure("archive_command = 'false'");
        primary.reload();
        try (TcpProxy proxy = TcpProxy.start(primary.port())) {
            StagedRun run = run(Map.of("primary", through(proxy)))
                    .edited("  - stop-backup", "  - stop-backup: {wait_for_archive: true}")
                    .start();
            Awaitility.await("the archiver to be waited for")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> run.heard(JournalEvent.Waiting.class).stream()
                            .anyMatch(wait -> wait.what().startsWith("the primary's archiver, which fails at ")));
            proxy.stall();
            run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
            primary.configure("archive_command = 'true'");
            primary.reload();
            proxy.resume();
            proven(run);
        }
    }

    @Test
    @DisplayName("Time-outs set for the role and the database do not end it")
    void timeOuts() {
        StagedRun run = copied(Map.of(
                "primary",
                        primary.conninfo()
                                .replace("user=postgres", "user=hasty")
                                .replace("dbname=postgres", "dbname=hasty"),
                "replication", primary.conninfo()));
        Awaitility.await("more time than any of the time-outs")
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ofSeconds(2))
                .until(() -> "t"
                        .equals(primary.query("select max(now() - backend_start) > '2.5 s' from pg_stat_activity"
                                + " where usename = 'hasty'")));
        run.goOn();
        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
        assertThat(run.heard(JournalEvent.BracketRestarted.class)).isEmpty();
    }

    @Test
    @DisplayName("A pooler in the way is refused before anything is changed")
    void pooler() {
        try (TcpProxy pooler = TcpProxy.start(primary.port(), TcpProxy::withMadeUpProcessId)) {
            RunState end = run(Map.of("primary", through(pooler))).start().end();
            assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.REFUSED);
            assertThat(StagedRun.describe(end)).contains("pooler");
        }
        LeftBehind.nothingOn(primary);
    }

    @Test
    @DisplayName("Another session is put in its place: noticed within 10 s, begun again, proven")
    void swapped() {
        try (SessionSwapper swapper = SessionSwapper.start(primary.port())) {
            StagedRun run = copied(Map.of(
                    "primary",
                    primary.conninfo().replace("port=" + primary.port(), "port=" + swapper.port()) + " sslmode=disable",
                    "replication",
                    primary.conninfo()));
            swapper.swap();
            JournalEvent.BracketRestarted again = run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
            assertThat(again.error().detail()).contains("hands out its sessions, as a connection pooler does");
            noticedAndProven(run);
        }
    }

    @Test
    @DisplayName("The network drops every packet, as a pulled cable does: noticed within 10 s, begun again, proven")
    void packetsDropped() {
        try (NetworkHosts hosts = NetworkHosts.of("far");
                EmbeddedPostgres far = EmbeddedPostgres.of(MAJOR)
                        .withSetting("listen_addresses", "*")
                        .initialize()) {
            far.admit("local all all trust", "host all all all trust", "host replication all all trust");
            Account.run(
                    hosts.inside(
                            "far",
                            Account.asServer(List.of(
                                    far.binDirectory().resolve("pg_ctl").toString(),
                                    "start",
                                    "-s",
                                    "-w",
                                    "-D",
                                    far.dataDirectory().toString(),
                                    "-l",
                                    far.logFile().toString()))),
                    Map.of("LC_ALL", "C"));
            StagedRun run = copied(Map.of(
                    "primary",
                    far.conninfo().replace(far.host(), hosts.address("far")),
                    "port",
                    Integer.toString(EmbeddedPostgres.freePort())));
            hosts.cut("far");
            run.await(JournalEvent.BracketRestarted.class, NOTICED_WITHIN);
            hosts.heal("far");
            noticedAndProven(run);
            stopStandby();
        }
    }

    @Test
    @DisplayName("Lost as often as the playbook allows: undone, and nothing is left")
    void lostTooOften() {
        StagedRun run = run(Map.of())
                .edited("- start-backup: {", "- start-backup: {attempts: 2, ")
                .stageBefore("stop-backup")
                .start();
        run.awaitStage();
        terminateSessions();
        run.awaitStage();
        terminateSessions();

        RunState end = run.end();
        assertThat(StagedRun.exitCode(end)).as(StagedRun.describe(end)).isEqualTo(4);
        assertThat(end.error().orElseThrow().message()).isEqualTo("the backup was lost 2 times, which is the limit");
        assertThat(end.error().orElseThrow().hints().toString()).contains("retry_for and attempts of start-backup");
        assertThat(target).doesNotExist();
        LeftBehind.nothingOn(primary);
    }

    @Test
    @DisplayName("The primary is away for longer than retry_for: what cannot be undone is named, abort clears it")
    void awayForTooLong() {
        StagedRun run = copied(Map.of("retry_for", "2s"));
        primary.stop();

        RunState end = run.end();
        assertThat(StagedRun.exitCode(end)).as(StagedRun.describe(end)).isEqualTo(5);
        assertThat(end.error().orElseThrow().message())
                .isEqualTo("the backup was lost, and could not be begun again within 2s");
        assertThat(end.left().toString())
                .contains("could not drop replication slot \"understudy\"", "pg_drop_replication_slot('understudy')");

        primary.start();
        assertThat(run.abort().outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(target).doesNotExist();
        LeftBehind.nothingOn(primary);
    }

    @Test
    @DisplayName("The primary is restarted after the copy: the standby is proven once it is back")
    void restartedDuringTheProof() {
        StagedRun run = run(Map.of()).stageBefore("prove-consistency").start();
        run.awaitStage();
        primary.stop();
        run.goOn();
        run.await(JournalEvent.Retrying.class, NOTICED_WITHIN);
        primary.start();
        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
    }

    private static String through(TcpProxy proxy) {
        return primary.conninfo().replace("port=" + primary.port(), "port=" + proxy.port());
    }
}
