package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sabotage on the other ways: a standby on another machine, a base backup, a source that is a standby itself. */
final class SabotagedRoutesIT {
    private static final Pattern CONSISTENT =
            Pattern.compile("consistent recovery state reached at ([0-9A-F]+/[0-9A-F]+)");

    @TempDir
    private Path state;

    static Stream<Arguments> remote() {
        return Stream.of(
                Arguments.of(
                        "a relation file is dropped",
                        "quick",
                        (Tampering) scene -> Files.delete(scene.target(scene.file("orders"))),
                        "missing"),
                Arguments.of(
                        "one bit is flipped within the second of the file's time",
                        "quick",
                        (Tampering) scene -> {
                            Path file = scene.target(scene.file("orders"));
                            var time = Files.getLastModifiedTime(file);
                            Scene.flipBit(file, 4000);
                            Files.setLastModifiedTime(
                                    file, java.nio.file.attribute.FileTime.fromMillis(time.toMillis() + 1));
                        },
                        "was modified at"),
                Arguments.of(
                        "one bit is flipped, unseen",
                        "full",
                        (Tampering) scene ->
                                Scene.disguised(scene.target(scene.file("orders")), file -> Scene.flipBit(file, 4000)),
                        "another checksum"),
                Arguments.of(
                        "WAL of another system lies in its WAL directory",
                        "quick",
                        (Tampering) scene ->
                                scene.put(scene.target("pg_wal/00000001000000000000000A"), "WAL of another system"),
                        "no backup of this run brought"));
    }

    @ParameterizedTest(name = "{0}, depth {1}")
    @MethodSource("remote")
    void aStandbyOnAnotherMachineIsNotProvenWhere(String what, String depth, Tampering tampering, String words)
            throws IOException {
        try (SshServer sshd = SshServer.start(state.resolve("sshd"));
                EmbeddedPostgres primary = primary(ServerMajor.V13)) {
            Scene scene = new Scene(primary, primary.scratch("scene"));
            Sabotage row = Sabotage.of(what).after("render-recovery", tampering).fails(ErrorCode.TARGET_CHANGED, words);
            Map<String, String> parameters = parameters(primary, scene.target());
            parameters.put("standby_host", sshd.address());
            parameters.put("account", Account.ofServers());
            parameters.put("via", "ssh");
            parameters.put("primary_host", sshd.address());
            parameters.put("depth", depth);
            RunFixture fixture = new RunFixture(Files.createDirectory(state.resolve("s")), sshd.options())
                    .changing(run -> Saboteur.beside(run, row, scene));
            refused(row, fixture.run(playbook("standby"), parameters), fixture.said());
            assertThat(scene.hits()).isEqualTo(1);
        }
    }

    static Stream<Arguments> afterBaseBackup() {
        return Stream.of(
                Arguments.of("rm base/1/1259", "missing, yet the primary sent it"),
                Arguments.of(
                        "printf X | dd of=base/1/1259 bs=1 seek=5000 conv=notrunc 2>/dev/null",
                        "another checksum than the primary's manifest says"),
                Arguments.of("truncate -s 8192 base/1/1259", "8192 bytes, the primary sent"));
    }

    /** Between the primary, which said what it sent, and the first look at the target's files. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("afterBaseBackup")
    void aBaseBackupIsNotProvenAfter(String command, String words) throws IOException {
        Path programs = programsWith(command);
        try (EmbeddedPostgres primary = primary(ServerMajor.V15)) {
            Map<String, String> parameters =
                    parameters(primary, primary.scratch("scene").resolve("standby"));
            parameters.keySet().removeAll(List.of("primary_host", "via"));
            parameters.put("bin_directory", programs.toString());
            Sabotage row = Sabotage.of(command).fails(ErrorCode.TARGET_CHANGED, words);
            RunFixture fixture = new RunFixture(state);
            refused(row, fixture.run(playbook("basebackup"), parameters), fixture.said());
        } finally {
            Account.run(List.of("rm", "-rf", programs.toString()), Map.of());
        }
    }

    /** PostgreSQL 15's programs, of which pg_basebackup does a little more than it should. */
    private static Path programsWith(String command) throws IOException {
        Path real = Oracles.binDirectory();
        Path programs = Files.createTempDirectory("us-programs");
        Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> all = Files.list(real)) {
            for (Path program : all.toList()) {
                if (!program.endsWith("pg_basebackup")) {
                    Files.createSymbolicLink(programs.resolve(program.getFileName()), program);
                }
            }
        }
        Path wrapper = programs.resolve("pg_basebackup");
        Files.writeString(
                wrapper,
                "#!/bin/sh\n" + real.resolve("pg_basebackup") + " \"$@\" || exit\n"
                        + "for word; do case $word in --pgdata=*) cd \"${word#--pgdata=}\" && " + command
                        + ";; esac; done\nexit 0\n");
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }

    /**
     * A backup of the primary that began at the same checkpoint ends while ours of its standby goes on: its BACKUP_END
     * names our start location, too, and comes too early for us.
     */
    @Test
    void aForeignBackupEndWithTheSameStartPointMakesNoConsistencyOnAStandbySource() throws IOException, SQLException {
        ServerMajor major = ServerMajor.V14;
        try (EmbeddedPostgres primary = primary(major);
                Connection nightly = primary.connect();
                Statement backup = nightly.createStatement()) {
            Path middle = primary.scratch("middle").resolve("standby");
            RunState first = new RunFixture(Files.createDirectory(state.resolve("first")))
                    .prove(playbook("standby"), parameters(primary, middle));
            try (BuiltStandby source = BuiltStandby.of(first, major, middle)) {
                backup.execute("SELECT pg_start_backup('nightly', true, false)");
                awaitReplay(primary, source);
                checkpoint(source);
                Scene scene = new Scene(primary, primary.scratch("scene"));
                Sabotage row = Sabotage.of("a foreign BACKUP_END")
                        .before("copy-data-directory", here -> stopAndGoOn(primary, source, backup))
                        .isHarmless(here -> {});
                Map<String, String> parameters = parameters(primary, scene.target());
                parameters.put("primary", "host=127.0.0.1 user=postgres dbname=postgres port=" + source.port());
                parameters.put("slot", "last");
                RunState end = new RunFixture(state)
                        .changing(run -> Saboteur.beside(run, row, scene))
                        .prove(playbook("standby"), parameters);
                try (BuiltStandby standby = BuiltStandby.of(end, major, scene.target())) {
                    // The source's own log came over with its files; what this server says stands last.
                    Matcher consistent = CONSISTENT.matcher(scene.standbyLog());
                    List<String> places =
                            consistent.results().map(found -> found.group(1)).toList();
                    assertThat(Lsn.parse(places.get(places.size() - 1)))
                            .isGreaterThanOrEqualTo(end.facts().lsn("stop_lsn"));
                    assertThat(standby.query("SELECT sum(n) FROM orders"))
                            .isEqualTo(primary.query("SELECT sum(n) FROM orders"));
                }
            }
        }
    }

    private static void stopAndGoOn(EmbeddedPostgres primary, BuiltStandby source, Statement backup)
            throws IOException {
        try {
            backup.execute("SELECT pg_stop_backup(false, false)");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        primary.execute("UPDATE orders SET n = n + 1", "CHECKPOINT");
        awaitReplay(primary, source);
        checkpoint(source);
        primary.execute("UPDATE orders SET n = n + 1");
        awaitReplay(primary, source);
    }

    /** The backup is not worth anything any more, and says so. */
    @Test
    void aSourceThatIsPromotedWhileItIsCopied() throws IOException {
        ServerMajor major = ServerMajor.V15;
        try (EmbeddedPostgres primary = primary(major)) {
            Path middle = primary.scratch("middle").resolve("standby");
            RunState first = new RunFixture(Files.createDirectory(state.resolve("first")))
                    .prove(playbook("standby"), parameters(primary, middle));
            try (BuiltStandby source = BuiltStandby.of(first, major, middle)) {
                Scene scene = new Scene(primary, primary.scratch("scene"));
                Sabotage row = Sabotage.of("promoted")
                        .before("stop-backup", here -> source.promote())
                        .fails(ErrorCode.SOURCE_CHANGED, "is a primary, the run began with a standby");
                Map<String, String> parameters = parameters(primary, scene.target());
                parameters.put("primary", "host=127.0.0.1 user=postgres dbname=postgres port=" + source.port());
                parameters.put("slot", "last");
                RunFixture fixture = new RunFixture(state).changing(run -> Saboteur.beside(run, row, scene));
                refused(row, fixture.run(playbook("standby"), parameters), fixture.said());
            }
        }
    }

    private static EmbeddedPostgres primary(ServerMajor major) {
        EmbeddedPostgres primary = EmbeddedPostgres.of(major).start();
        primary.execute("CREATE TABLE orders AS SELECT generate_series(1, 1000) AS n", "CHECKPOINT");
        return primary;
    }

    private static void awaitReplay(EmbeddedPostgres primary, BuiltStandby standby) {
        Lsn written = Lsn.parse(primary.query("SELECT pg_current_wal_lsn()::text"));
        Awaitility.await("replay up to " + written)
                .atMost(Duration.ofSeconds(60))
                .until(() -> Lsn.parse(standby.query("SELECT pg_last_wal_replay_lsn()::text"))
                        .isAtLeast(written));
    }

    /** A restartpoint; the statement gives no row. */
    private static void checkpoint(BuiltStandby standby) {
        try (Connection connection = java.sql.DriverManager.getConnection(standby.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(Sabotage row, RunState end, String said) {
        assertThat(end.outcome()).as(said).isEqualTo(Outcome.UNDONE);
        Failure error = end.error().orElseThrow();
        assertThat(error.code())
                .as(said)
                .isEqualTo(row.ending().code().orElseThrow().name());
        assertThat(error.message() + "\n" + error.detail())
                .as(said)
                .contains(row.ending().words());
    }

    private String playbook(String name) throws IOException {
        Path file = state.resolve(name + ".yaml");
        Files.writeString(file, Playbooks.load(name).text().replace("  - preflight\n", ""));
        return file.toString();
    }

    private static Map<String, String> parameters(EmbeddedPostgres primary, Path target) {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "timeout", "1min"));
    }
}
