package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One standby brought into one broken state after the other, and out of it again. The doctor finds that cause and only
 * what follows from it. {@code -Dunderstudy.doctor.majors=9.6,12,18} names the majors; one by default, since each takes a
 * minute. {@code -Dunderstudy.corpus=write} saves the facts of each state for {@link SavedFactsTest}.
 */
final class StandbyStatesIT {
    private static final String SLOT = "standby";

    private EmbeddedPostgres primary;
    private EmbeddedPostgres standby;
    private Path configuration;
    private byte[] sound;

    static Stream<ServerMajor> majors() {
        return Arrays.stream(
                        System.getProperty("understudy.doctor.majors", "16").split(",", -1))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) throws Exception {
        List<AssertionError> wrong = new ArrayList<>();
        try (EmbeddedPostgres server = EmbeddedPostgres.of(major)
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .start()) {
            primary = server;
            primary.execute(
                    "CREATE TABLE t AS SELECT 1 AS a",
                    "CREATE ROLE plain LOGIN",
                    "SELECT pg_create_physical_replication_slot('standby', true)");
            Path clone = primary.scratch("clones").resolve("clone");
            primary.stop();
            Copies.copy(primary, clone);
            primary.start();
            Copies.follow(primary, clone, "primary_slot_name = '" + SLOT + "'");
            configuration = clone.resolve(major.isAtLeast(ServerMajor.V12) ? "postgresql.auto.conf" : "recovery.conf");
            try (EmbeddedPostgres built =
                    EmbeddedPostgres.of(major).onDataDirectory(clone).initialize()) {
                standby = built;
                sound = Files.readAllBytes(configuration);
                standby.start();
                awaitStreaming();
                states().forEach(state -> {
                    try {
                        take(state, major);
                    } catch (AssertionError e) {
                        wrong.add(new AssertionError("state " + state.cause() + ": " + e.getMessage(), e));
                    }
                });
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Something that can be done to the pair. */
    @FunctionalInterface
    private interface Deed {
        void run() throws Exception;
    }

    /**
     * A state.
     *
     * @param cause what the doctor shall name; {@code healthy} if nothing
     * @param make brings it about
     * @param mend takes it away
     */
    private record State(String cause, Deed make, Deed mend) {}

    private List<State> states() {
        List<State> states = new ArrayList<>();
        Deed nothing = () -> {};
        boolean named = primary.major().isAtLeast(ServerMajor.V10);
        String replay = named ? "wal_replay" : "xlog_replay";
        states.add(new State("healthy", nothing, nothing));
        states.add(new State(
                "replay-paused",
                () -> standby.execute("SELECT pg_" + replay + "_pause()"),
                () -> standby.execute("SELECT pg_" + replay + "_resume()")));
        states.add(new State("apply-delay", () -> restartWith("recovery_min_apply_delay = '1h'"), this::mend));
        states.add(new State("not-started", standby::stop, standby::start));
        states.add(new State("hot-standby-off", () -> startWith("postgresql.conf", "hot_standby = off"), this::mend));
        states.add(new State("parameters-too-low", () -> fail("max_connections = 20"), this::mend));
        states.add(new State("library-missing", () -> fail("shared_preload_libraries = 'no_such'"), this::mend));
        states.add(new State("port-in-use", () -> fail("port = " + primary.port()), this::mend));
        states.add(new State("role-missing", () -> follow("user=nobody_here"), this::mend));
        states.add(new State("role-not-replication", () -> follow("user=plain"), this::mend));
        states.add(new State("primary-unreachable", () -> follow("port=" + EmbeddedPostgres.freePort()), this::mend));
        states.add(new State("primary-host-unresolved", () -> follow("host=no-such-host.invalid"), this::mend));
        states.add(new State("tls-mismatch", () -> follow("sslmode=require"), this::mend));
        states.add(new State(
                "hba-rejects",
                () -> {
                    primary.admit("host all all 127.0.0.1/32 trust");
                    primary.reload();
                    standby.restart();
                },
                () -> {
                    primary.admit("host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust");
                    primary.reload();
                    standby.restart();
                    awaitStreaming();
                }));
        states.add(new State("slot-missing", () -> restartWith("primary_slot_name = 'absent'"), this::mend));
        states.add(new State(
                "archive-command-failing",
                () -> archiveBy("false", "pg_stat_archiver", "failed_count > 0"),
                () -> archiveBy("true", "pg_stat_archiver", "last_archived_time > last_failed_time")));
        states.add(new State("data-directory-permissions", () -> mode("rwxr-xr-x"), () -> mode("rwx------")));
        if (primary.major().isAtLeast(ServerMajor.V12)) {
            states.add(new State(
                    "signal-files-conflict", () -> touch("recovery.signal"), () -> remove("recovery.signal")));
            states.add(new State(
                    "recovery-conf-on-12",
                    () -> {
                        standby.stop();
                        touch("recovery.conf");
                        startInVain();
                    },
                    () -> {
                        remove("recovery.conf");
                        standby.start();
                        awaitStreaming();
                    }));
        }
        states.add(new State("control-file-corrupt", () -> flip("global/pg_control"), () -> flip("global/pg_control")));
        states.add(new State(
                "postmaster-pid-stale",
                () -> {
                    standby.stop();
                    Path file = standby.dataDirectory().resolve("postmaster.pid");
                    Files.writeString(file, primary.pid() + "\n" + standby.dataDirectory() + "\n1\n1\n\n\n\n");
                    Account.give(file);
                },
                () -> {
                    remove("postmaster.pid");
                    standby.start();
                    awaitStreaming();
                }));
        states.add(new State("healthy", nothing, nothing));
        // Last, since the standby does not recover from it.
        states.add(new State("slot-missing", this::loseTheSlot, nothing));
        return states;
    }

    private void take(State state, ServerMajor major) {
        try {
            state.make().run();
            DoctorFixture fixture = DoctorFixture.of(standby).primary(primary);
            Awaitility.await(state.cause())
                    .atMost(Duration.ofSeconds(40))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        Facts facts = fixture.facts();
                        requireCause(state.cause(), Doctor.examine(facts));
                        SavedFacts.write(state.cause(), major, facts, primary, standby);
                    });
        } catch (AssertionError | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("state " + state.cause(), e);
        } finally {
            try {
                state.mend().run();
            } catch (Exception e) {
                throw new IllegalStateException("could not mend state " + state.cause() + ": " + standby.log(), e);
            }
        }
    }

    private static void requireCause(String cause, Diagnosis diagnosis) {
        if (cause.equals("healthy")) {
            DoctorFixture.requireHealthy(diagnosis);
        } else {
            assertThat(diagnosis.causes())
                    .as(String.valueOf(diagnosis))
                    .extracting(Finding::id)
                    .containsExactly(cause);
        }
    }

    private void awaitStreaming() {
        Awaitility.await("streaming")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() ->
                        "1".equals(primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"))
                                && standby.query("SELECT status FROM pg_stat_wal_receiver") != null);
    }

    private void mend() throws IOException {
        if (standby.isRunning()) {
            standby.stop();
        }
        Files.write(configuration, sound);
        Path main = standby.dataDirectory().resolve("postgresql.conf");
        List<String> lines = Files.readAllLines(main);
        Files.write(
                main, lines.stream().filter(line -> !line.endsWith("# broken")).toList());
        standby.start();
        awaitStreaming();
    }

    /** Recovery's settings stand in recovery.conf up to 11, all others in postgresql.conf. */
    private void set(String file, String line) throws IOException {
        Path path = file.isEmpty() ? configuration : standby.dataDirectory().resolve(file);
        Files.writeString(path, Files.readString(path) + line + (file.isEmpty() ? "\n" : " # broken\n"));
    }

    private void restartWith(String line) throws IOException {
        standby.stop();
        set("", line);
        standby.start();
    }

    private void startWith(String file, String line) throws IOException {
        standby.stop();
        set(file, line);
        standby.startWithoutWaiting();
    }

    private void fail(String line) throws IOException {
        standby.stop();
        set("postgresql.conf", line);
        startInVain();
    }

    private void startInVain() {
        try {
            standby.startWithoutWaiting();
        } catch (IllegalStateException e) {
            // What is wanted: pg_ctl says that the server did not come up.
            assertThat(e).hasMessageContaining("pg_ctl start failed");
        }
        Awaitility.await("the server to give up").until(() -> !standby.isRunning());
    }

    private void follow(String changed) throws IOException {
        String option = changed.substring(0, changed.indexOf('='));
        restartWith("primary_conninfo = '"
                + primary.conninfo().replaceAll(" ?\\b" + option + "=\\S+", "") + " " + changed
                + " application_name=standby'");
    }

    private void archiveBy(String command, String view, String condition) {
        primary.execute("ALTER SYSTEM SET archive_command = '" + command + "'");
        primary.reload();
        String position = primary.major().isAtLeast(ServerMajor.V10) ? "pg_switch_wal()" : "pg_switch_xlog()";
        primary.execute("INSERT INTO t VALUES (2)", "SELECT " + position);
        Awaitility.await(condition)
                .atMost(Duration.ofSeconds(70))
                .until(() -> "t".equals(primary.query("SELECT " + condition + " FROM " + view)));
    }

    private void mode(String mode) throws IOException {
        Files.setPosixFilePermissions(standby.dataDirectory(), PosixFilePermissions.fromString(mode));
    }

    private void touch(String name) throws IOException {
        Path file = standby.dataDirectory().resolve(name);
        Files.writeString(file, "");
        Account.give(file);
    }

    private void remove(String name) throws IOException {
        Files.delete(standby.dataDirectory().resolve(name));
    }

    /** Flips a bit that the file's checksum covers, or back; the server is down meanwhile. */
    private void flip(String name) throws IOException {
        if (standby.isRunning()) {
            standby.stop();
        }
        Path file = standby.dataDirectory().resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[60] ^= 4;
        Files.write(file, bytes);
        try {
            standby.startWithoutWaiting();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("pg_ctl start failed");
        }
    }

    private void loseTheSlot() {
        standby.stop();
        primary.execute("SELECT pg_drop_replication_slot('" + SLOT + "')");
        String change = primary.major().isAtLeast(ServerMajor.V10) ? "pg_switch_wal()" : "pg_switch_xlog()";
        for (int i = 0; i < 4; i++) {
            primary.execute("INSERT INTO t VALUES (3)", "SELECT " + change, "CHECKPOINT");
        }
        standby.start();
    }
}
