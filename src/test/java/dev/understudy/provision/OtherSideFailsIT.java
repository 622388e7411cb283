package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.privileges.Operation;
import dev.understudy.server.privileges.RequiredPrivileges;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.Required;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.StagedRun;
import dev.understudy.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Primary, standby or what is between them fails: each ends by contract, and says what it was and what is left. */
@DisplayName("The other side fails")
final class OtherSideFailsIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;
    private static final int UNDONE = 4;
    private static final int LEFT = 5;

    /** The primary's WAL has a file system of its own where the tests may mount one. */
    private static @Nullable SmallFileSystem walDisk;

    private static EmbeddedPostgres primary;
    private static Path archive;

    @TempDir
    private Path directory;

    private Path target;

    @BeforeAll
    static void startPrimary() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(MAJOR)
                .withChecksums()
                .withSetting("autovacuum", "off")
                .withSetting("archive_mode", "on");
        if (Account.isRoot()) {
            walDisk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 300);
            builder.withInitdb("-X", walDisk.mountPoint().resolve("wal").toString());
        }
        primary = builder.initialize();
        archive = primary.scratch("archive");
        primary.configure("archive_command = 'cp %p " + archive + "/%f'");
        primary.start();
        primary.execute("create table t (a int, filler text)", "create role builder login replication");
        primary.execute(RequiredPrivileges.grants(
                        MAJOR,
                        EnumSet.of(
                                Operation.INSPECT,
                                Operation.READ_HBA,
                                Operation.LIST_WAL,
                                Operation.SLOT,
                                Operation.BACKUP,
                                Operation.SQL_COPY,
                                Operation.CANARY),
                        "builder")
                .toArray(String[]::new));
    }

    @AfterAll
    static void stopPrimary() {
        primary.close();
        if (walDisk != null) {
            walDisk.close();
        }
    }

    @BeforeEach
    void chooseTarget(TestInfo test) {
        target = primary.scratch("work")
                .resolve(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void clear() {
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
                "socket_directory", primary.socketDirectory().toString(),
                "keep_free", "1MB"));
        parameters.putAll(changed);
        return StagedRun.of(directory, "standby", parameters);
    }

    private static StagedRun staged(StagedRun run, String step) {
        run.stageBefore(step).start();
        run.awaitStage();
        return run;
    }

    private static Failure ends(StagedRun run, int exitCode, String code) {
        RunState end = run.end();
        assertThat(StagedRun.exitCode(end)).as(StagedRun.describe(end)).isEqualTo(exitCode);
        Failure error = end.error().orElseThrow();
        assertThat(error.code()).as(StagedRun.describe(end)).isEqualTo(code);
        return error;
    }

    private void nothingIsLeft() {
        assertThat(target).doesNotExist();
        LeftBehind.nothingOn(primary);
    }

    /** What is left says how to clear it, and abort does once the cause is gone. */
    private void isLeftUntilAbort(StagedRun run, String... named) {
        assertThat(StagedRun.describe(run.state())).contains(named);
        RunState aborted = run.abort();
        assertThat(aborted.outcome()).as(StagedRun.describe(aborted)).isEqualTo(Outcome.UNDONE);
        nothingIsLeft();
    }

    private static void writeWal(int megabytes) {
        primary.execute(
                "insert into t select g, repeat('x', 1000) from generate_series(1, " + megabytes * 1000 + ") g");
    }

    @Test
    @DisplayName("The primary's host is gone in the middle of a copy over SSH, and slow to come back: proven")
    void primaryHostGone() {
        try (SshServer sshd = SshServer.start(directory.resolve("sshd"))) {
            TcpProxy proxy = sshd.proxy();
            StagedRun run = run(Map.of("via", "ssh", "primary_host", sshd.address(proxy.port()), "rate_limit", "10MB"))
                    .with(sshd.options())
                    .start();
            Awaitility.await("the copy")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(target.resolve("base/1/1259")));
            proxy.goAway();
            Awaitility.await("two attempts")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> run.heard(JournalEvent.Retrying.class).size() >= 2);
            proxy.comeBack();
            RunState end = run.end();
            assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
            assertThat(run.heard(JournalEvent.BracketRestarted.class)).isEmpty();
        }
    }

    @Test
    @DisplayName("The standby's host is gone for good: exit code 5 names what is left, abort clears it")
    void standbyHostGone() {
        try (SshServer sshd = SshServer.start(directory.resolve("sshd"))) {
            TcpProxy proxy = sshd.proxy();
            StagedRun run = staged(
                    run(Map.of("standby_host", sshd.address(proxy.port()), "via", "sql", "retry_for", "2s"))
                            .with(sshd.options()),
                    "render-recovery");
            proxy.goAway();
            run.goOn();
            ends(run, LEFT, "HOST_UNREACHABLE");
            proxy.comeBack();
            isLeftUntilAbort(run, "left: ", "127.0.0.1");
        }
    }

    @Test
    @DisplayName("The standby's disk is full: exit code 4, nothing is left")
    void standbyDiskFull() {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 400)) {
            target = disk.mountPoint().resolve("standby");
            StagedRun run = run(Map.of())
                    .onEvent(event -> {
                        if (event instanceof JournalEvent.StepApplying step
                                && step.step().equals("copy-data-directory")) {
                            disk.fill(8 << 20);
                        }
                    })
                    .start();
            ends(run, UNDONE, "FILE_SYSTEM_FULL");
            nothingIsLeft();
            assertThat(disk.mountPoint().resolve("ballast")).exists();
        }
    }

    @Test
    @DisplayName("The standby's file system turns read-only: exit code 5 names the directory, abort clears it")
    void standbyReadOnly() {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.EXT4, 400)) {
            target = disk.mountPoint().resolve("standby");
            StagedRun run = staged(run(Map.of()), "render-recovery");
            disk.makeReadOnly();
            run.goOn();
            ends(run, LEFT, "FILE_SYSTEM_READ_ONLY");
            disk.makeWritable();
            isLeftUntilAbort(run, target.toString());
        }
    }

    @Test
    @DisplayName("The permission on the standby's directory is lost: exit code 5 names it, abort clears it")
    void standbyPermissionLost() throws IOException {
        StagedRun run = staged(run(Map.of()), "render-recovery");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("---------"));
        run.goOn();
        ends(run, LEFT, "FILE_FORBIDDEN");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        isLeftUntilAbort(run, target.toString());
    }

    @Test
    @DisplayName("A permission on the primary is revoked: exit code 4 names the function, nothing is left")
    void primaryPermissionLost() {
        StagedRun run = staged(
                run(Map.of("primary", primary.conninfo().replace("user=postgres", "user=builder"))), "stop-backup");
        primary.execute("revoke execute on function pg_backup_stop(boolean) from builder");
        run.goOn();
        Failure error = ends(run, UNDONE, "PRIVILEGE_MISSING");
        assertThat(error.message() + error.detail()).contains("pg_backup_stop");
        primary.execute("grant execute on function pg_backup_stop(boolean) to builder");
        nothingIsLeft();
    }

    @Test
    @DisplayName("The primary's WAL disk runs low: the slot is dropped at once, exit code 4, nothing is left")
    void primaryDiskLow() throws IOException {
        SmallFileSystem disk = walDisk();
        StagedRun run = staged(run(Map.of("keep_free", "60MB")), "stop-backup");
        Path ballast = disk.fill(40 << 20);
        try {
            JournalEvent.GuardFailed guard = run.await(JournalEvent.GuardFailed.class, Duration.ofSeconds(20));
            assertThat(guard.error().detail()).isEqualTo("The run has dropped its slot at once.");
            Failure error = ends(run, UNDONE, "PRIMARY_DISK_LOW");
            assertThat(error.message())
                    .matches("the primary has \\d+ MB left for WAL, less than the 60 MB it shall keep");
        } finally {
            Files.delete(ballast);
        }
        nothingIsLeft();
    }

    @Test
    @DisplayName("The slot keeps more WAL than keep_most, seen by SQL alone: given up, exit code 4, nothing is left")
    void slotKeepsTooMuch() {
        StagedRun run = staged(run(Map.of("primary_host", "none", "via", "sql", "keep_most", "20MB")), "stop-backup");
        writeWal(40);
        Failure error = ends(run, UNDONE, "PRIMARY_DISK_LOW");
        assertThat(error.message())
                .matches("slot \"understudy\" keeps \\d+ MB of WAL on the primary, more than the 20 MB it may");
        nothingIsLeft();
    }

    @Test
    @DisplayName("The primary's WAL disk is full and the primary stops: exit code 5 names the slot, abort clears it")
    void primaryDiskFull() throws IOException {
        SmallFileSystem disk = walDisk();
        StagedRun run = staged(run(Map.of("primary_host", "none", "via", "sql", "retry_for", "4s")), "stop-backup");
        Path ballast = disk.fill(0);
        try {
            Awaitility.await("the primary to stop")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        try {
                            writeWal(20);
                        } catch (IllegalStateException e) {
                            // It has no room for it, or is not there any more.
                        }
                        return !primary.isRunning();
                    });
            ends(run, LEFT, "BRACKET_LOST");
        } finally {
            Files.delete(ballast);
            primary.start();
        }
        isLeftUntilAbort(run, "could not drop replication slot \"understudy\"");
    }

    @Test
    @DisplayName("The standby's server is killed while it starts: exit code 4 with its log, nothing is left")
    void standbyKilled() throws IOException {
        String control = String.join(
                " ",
                Account.asServer(
                        List.of(primary.binDirectory().resolve("pg_ctl").toString())));
        Path script = Files.writeString(directory.resolve("start"), """
                %s start -s -W -D "$UNDERSTUDY_DATA_DIRECTORY" -l "$UNDERSTUDY_DATA_DIRECTORY/understudy-start.log"
                while [ ! -s "$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid" ]; do sleep 0.01; done
                kill -KILL "$(head -n 1 "$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid")"
                """.formatted(control));
        StagedRun run = run(Map.of("start", "sh " + script)).start();
        Failure error = ends(run, UNDONE, "STANDBY_NOT_STARTED");
        assertThat(error.detail()).isNotBlank();
        nothingIsLeft();
    }

    @Test
    @DisplayName("Somebody drops the slot: exit code 4 names it, nothing is left")
    void slotDropped() {
        StagedRun run = staged(run(Map.of()), "stop-backup");
        primary.query("select pg_drop_replication_slot('understudy')");
        Failure error = ends(run, UNDONE, "SLOT_UNUSABLE");
        assertThat(error.message()).isEqualTo("replication slot \"understudy\" is gone");
        nothingIsLeft();
    }

    @Test
    @DisplayName(
            "The server invalidates the slot: it is made anew, the backup begins again, what is copied is kept: proven")
    void slotInvalidated() {
        StagedRun run = staged(run(Map.of()), "stop-backup");
        invalidate();
        JournalEvent.BracketRestarted restarted =
                run.await(JournalEvent.BracketRestarted.class, Duration.ofSeconds(60));
        assertThat(restarted.bracket()).isEqualTo("reservation of WAL");
        assertThat(restarted.error().code()).isEqualTo("SLOT_INVALIDATED");
        assertThat(restarted.error().detail()).contains("wal_status ");
        assertThat(restarted.error().hints().toString()).contains("max_slot_wal_keep_size");
        run.awaitStage();
        run.goOn();

        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
        assertThat(end.warnings().toString()).contains("has lost its WAL and is made anew");
        assertThat(end.facts().get("backups_begun")).isEqualTo("2");
        isLessThanHalfOfTheFirst(run);
        assertThat(primary.query("select wal_status from pg_replication_slots")).isEqualTo("reserved");
    }

    @Test
    @DisplayName(
            "The server invalidates the slot once the backup is complete: exit code 4 names the reason, nothing is left")
    void slotInvalidatedTooLate() {
        StagedRun run = staged(run(Map.of()), "render-recovery");
        invalidate();
        Failure error = ends(run, UNDONE, "SLOT_INVALIDATED");
        assertThat(error.detail()).contains("wal_status ");
        nothingIsLeft();
    }

    /** The primary may keep but a segment for the slot until it is lost. */
    private static void invalidate() {
        primary.configure("max_slot_wal_keep_size = '16MB'");
        primary.reload();
        try {
            writeWal(60);
            primary.execute("checkpoint");
        } finally {
            primary.configure("max_slot_wal_keep_size = -1");
            primary.reload();
        }
    }

    /** What was written meanwhile is sent, but not all that had been copied. */
    private static void isLessThanHalfOfTheFirst(StagedRun run) {
        List<Long> transferred = run.heard(JournalEvent.Published.class).stream()
                .filter(part -> part.part().equals("copy"))
                .map(part -> ((Number) part.content().get("bytesTransferred")).longValue())
                .toList();
        List<Long> total = run.heard(JournalEvent.Published.class).stream()
                .filter(part -> part.part().equals("copy"))
                .map(part -> ((Number) part.content().get("bytesTotal")).longValue())
                .toList();
        assertThat(transferred).hasSize(2);
        // The writers added some 60 MB, which were to be sent for the first time.
        assertThat(transferred.get(1)).isLessThanOrEqualTo(total.get(1) - total.get(0) + transferred.get(0) / 2);
    }

    @Test
    @DisplayName("The primary is away so long that it removed the WAL being streamed: both begin again, proven")
    void streamedWalRemoved() {
        try (TcpProxy proxy = TcpProxy.start(primary.port())) {
            String through = primary.conninfo().replace("port=" + primary.port(), "port=" + proxy.port());
            StagedRun run = staged(run(Map.of("primary", through, "wal", "stream")), "stop-backup");
            proxy.goAway();
            Awaitility.await("the end of the run's sessions")
                    .until(() -> "0".equals(primary.query("select count(*) from pg_replication_slots")));
            for (int i = 0; i < 2; i++) {
                writeWal(30);
                primary.execute("checkpoint");
            }
            proxy.comeBack();
            run.awaitStage();
            run.goOn();

            RunState end = run.end();
            assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
            assertThat(run.heard(JournalEvent.BracketRestarted.class))
                    .filteredOn(event -> event.bracket().equals("reservation of WAL"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.error().code()).isEqualTo("WAL_REMOVED");
                        assertThat(event.steps()).startsWith("reserve-wal", "start-backup");
                        assertThat(event.of()).isEqualTo(5);
                    });
            assertThat(primary.scratch("work").resolve("streamedWalRemoved/pg_wal/received"))
                    .doesNotExist();
            assertThat(primary.query("select count(*) from pg_replication_slots"))
                    .isEqualTo("0");
        }
    }

    @Test
    @DisplayName("The archiver fails for ever at the stop: exit code 4 at its limit names the segment, nothing is left")
    void archiverFails() {
        StagedRun run = staged(
                run(Map.of()).edited("  - stop-backup", "  - stop-backup: {wait_for_archive: true, timeout: 5s}"),
                "stop-backup");
        String working = "archive_command = 'cp %p " + archive + "/%f'";
        primary.configure("archive_command = 'false'");
        primary.reload();
        try {
            run.goOn();
            Failure error = ends(run, UNDONE, "BACKUP_TIMED_OUT");
            assertThat(error.message())
                    .matches("the primary's archiver fails at \\S+, so the backup could not be stopped in time");
            nothingIsLeft();
        } finally {
            primary.configure(working);
            primary.reload();
        }
    }

    @Test
    @DisplayName(
            "WAL that the standby needs is removed everywhere: exit code 4 names what it waits for, nothing is left")
    void walRemoved() throws IOException {
        primary.query("select pg_switch_wal()");
        Awaitility.await("a segment in the archive")
                .until(() -> !"0".equals(primary.query("select archived_count from pg_stat_archiver")));
        Path closed = primary.scratch("work").resolve("closed");
        StagedRun run = staged(
                run(Map.of("wal", "archive", "restore_command", "test ! -e " + closed + " && cp " + archive + "/%f %p"))
                        .edited("- start-standby: {", "- start-standby: {timeout: 8s, "),
                "start-standby");
        Files.createFile(closed);
        for (int i = 0; i < 2; i++) {
            writeWal(20);
            primary.execute("checkpoint");
        }
        run.goOn();
        Failure error = ends(run, UNDONE, "STANDBY_NOT_STARTED");
        assertThat(error.detail()).contains("has already been removed");
        nothingIsLeft();
    }

    private static SmallFileSystem walDisk() {
        SmallFileSystem disk = walDisk;
        Required.part("root", disk != null, "only root gives the primary's WAL a file system of its own");
        return Objects.requireNonNull(disk);
    }
}
