package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.Activity;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong while a backup is open. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "14", "18"})
final class BackupSessionIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static EmbeddedPostgres server;

    private final String major;

    BackupSessionIT(String major) {
        this.major = major;
    }

    @BeforeParameterizedClassInvocation
    static void startServer(String major) {
        server = EmbeddedPostgres.of(ServerMajor.parse(major))
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "false")
                .withSetting("checkpoint_completion_target", "0.9")
                .start();
    }

    @AfterParameterizedClassInvocation
    static void stopServer() {
        server.close();
    }

    private static BackupSession open() {
        return BackupSession.open(Conninfo.parse(server.conninfo()));
    }

    private static ErrorCode code(CompletableFuture<?> work) {
        return catchThrowableOfType(UnderstudyException.class, () -> {
                    try {
                        work.join();
                    } catch (java.util.concurrent.CompletionException e) {
                        throw e.getCause();
                    }
                })
                .code();
    }

    @Test
    void aSpreadCheckpointIsSeenFromOutsideAndCancelled() {
        server.execute(
                "drop table if exists dirt",
                "create table dirt as select generate_series(1, 300000) a",
                "checkpoint",
                "update dirt set a = a + 1");
        try (BackupSession backup = open();
                Session other = Session.open(Conninfo.parse(server.conninfo()))) {
            CompletableFuture<?> start =
                    CompletableFuture.supplyAsync(() -> backup.start("spread", CheckpointMode.SPREAD, LIMIT));
            await().until(() -> new AccessFacts(other)
                    .activity(backup.backendPid())
                    .map(Activity::query)
                    .filter(query -> query.contains("backup"))
                    .isPresent());
            backup.heartbeat();
            backup.cancel();
            assertThat(code(start)).isEqualTo(ErrorCode.BACKUP_CANCELLED);
            assertThat(backup.open()).isEmpty();
            backup.heartbeat();
            assertThat(backup.start("fast", CheckpointMode.FAST, LIMIT)
                            .segment()
                            .name())
                    .hasSize(24);
        }
    }

    @Test
    void aStopThatWaitsForAFailingArchiverIsExplainedAndBounded() {
        try (BackupSession backup = open();
                Session other = Session.open(Conninfo.parse(server.conninfo()))) {
            backup.start("archive", CheckpointMode.FAST, LIMIT);
            CompletableFuture<?> stop = CompletableFuture.supplyAsync(() -> backup.stop(true, Duration.ofSeconds(4)));
            await().atMost(LIMIT)
                    .until(() -> new ReplicationFacts(other).archiver().isFailing());
            assertThat(code(stop)).isEqualTo(ErrorCode.BACKUP_TIMED_OUT);
            backup.heartbeat();
        }
    }

    @Test
    void theArchiverNeedNotBeWaitedForFrom10On() {
        if (major.equals("9.6")) {
            return;
        }
        try (BackupSession backup = open()) {
            backup.start("no wait", CheckpointMode.FAST, LIMIT);
            assertThat(backup.stop(false, Duration.ofSeconds(10)).label()).isNotEmpty();
        }
    }

    @Test
    void aSilentNetworkIsNoticedWithinSeconds() {
        try (TcpProxy proxy = TcpProxy.start(server.port());
                BackupSession backup =
                        BackupSession.open(Conninfo.parse(server.conninfo()).with("port", "" + proxy.port()))) {
            backup.start("silence", CheckpointMode.FAST, LIMIT);
            backup.heartbeat();
            proxy.stall();
            Instant before = Instant.now();
            UnderstudyException e = catchThrowableOfType(UnderstudyException.class, backup::heartbeat);
            assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_SESSION_LOST);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(8));
            assertThat(catchThrowableOfType(UnderstudyException.class, backup::heartbeat)
                            .code())
                    .isEqualTo(ErrorCode.BACKUP_SESSION_LOST);
        }
    }

    @Test
    void aStopWhoseConnectionIsCutTellsOfTheLoss() {
        try (TcpProxy proxy = TcpProxy.start(server.port());
                BackupSession backup =
                        BackupSession.open(Conninfo.parse(server.conninfo()).with("port", "" + proxy.port()))) {
            backup.start("cut", CheckpointMode.FAST, LIMIT);
            CompletableFuture<?> stop = CompletableFuture.supplyAsync(() -> backup.stop(true, LIMIT));
            await().until(() -> "1"
                    .equals(server.query("select count(*) from pg_stat_activity where state = 'active' and pid = "
                            + backup.backendPid())));
            proxy.cut();
            assertThat(code(stop)).isEqualTo(ErrorCode.BACKUP_SESSION_LOST);
        }
    }

    @Test
    void anExclusiveBackupThatSomebodyLeftIsSeen() {
        try (Session session = Session.open(Conninfo.parse(server.conninfo()))) {
            BackupFacts facts = new BackupFacts(session);
            assertThat(facts.exclusiveBackup()).isEmpty();
            if (session.major().isAtLeast(ServerMajor.V15)) {
                return;
            }
            server.execute("select pg_start_backup('left open', true)");
            byte[] label = facts.exclusiveBackup().orElseThrow().label().orElseThrow();
            assertThat(new String(label, StandardCharsets.UTF_8)).contains("LABEL: left open");
            server.configure("archive_command = 'true'");
            server.reload();
            server.execute("select pg_stop_backup()");
            server.configure("archive_command = 'false'");
            server.reload();
            assertThat(facts.exclusiveBackup()).isEmpty();
        }
    }
}
