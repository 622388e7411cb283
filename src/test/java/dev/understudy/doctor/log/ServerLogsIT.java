package dev.understudy.doctor.log;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V13;
import static dev.understudy.postgres.ServerMajor.V15;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages as real servers write them, in each of their formats at once. {@code -Dunderstudy.doctor.majors=9.6,10,…} names
 * the majors.
 */
final class ServerLogsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What a receiver says that cannot begin, in the order in which it is made to. */
    private static final List<String> CONNECTIONS = List.of(
            "no-such-role",
            "not-replication",
            "hba-rejects",
            "password-wrong",
            "host-unresolved",
            "tls-mismatch",
            "primary-refuses",
            "conninfo-invalid",
            "slot-missing",
            "slot-active");

    private static final Map<String, String> OPTIONS = Map.of(
            "no-such-role", "user=nobody_here",
            "not-replication", "user=plain",
            "hba-rejects", "user=reject",
            "password-wrong", "user=secret password=wrong",
            "host-unresolved", "host=no-such-host.invalid",
            "tls-mismatch", "sslmode=require",
            "primary-refuses", "port=1",
            "conninfo-invalid", "no_such_option=1");

    private EmbeddedPostgres primary;
    private EmbeddedPostgres standby;

    static Stream<ServerMajor> majors() {
        return Arrays.stream(
                        System.getProperty("understudy.doctor.majors", "18").split(",", -1))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachFormatTellsTheSame(ServerMajor major) throws IOException {
        String formats = "stderr,csvlog" + (major.isAtLeast(V15) ? ",jsonlog" : "");
        try (EmbeddedPostgres server = EmbeddedPostgres.of(major)
                .withSetting("logging_collector", "on")
                .withSetting("log_destination", formats)
                .withSetting("log_directory", "log")
                .withSetting("log_filename", "server.log")
                .withSetting("log_line_prefix", "%m [%p] %q%u@%d/%a ")
                .withSetting("wal_retrieve_retry_interval", "100ms")
                .start()) {
            primary = server;
            prepare();
            try (EmbeddedPostgres built =
                    EmbeddedPostgres.of(major).onDataDirectory(clonePrimary()).initialize()) {
                standby = built;
                standby.start();
                await("streaming");
                eachConnectionFails();
                theWalIsRemoved();
                aCrashAndAnAbortedBackup();
                theFormatsAgree(formats);
            }
        }
    }

    /** The C.UTF-8 locale is on every host, and LANGUAGE chooses among the languages that the package brought. */
    @Test
    void aServerThatSpeaksGermanIsUnderstoodByItsSqlStates() throws IOException {
        Path programs = Path.of("/usr/lib/postgresql/15/bin");
        Required.part("postgresql-15", Files.exists(programs), "there is no PostgreSQL 15; install postgresql-15");
        Required.part(
                "postgresql-15",
                Files.exists(Path.of("/usr/share/locale/de/LC_MESSAGES/postgres-15.mo")),
                "PostgreSQL 15 was installed without its translations");
        try (EmbeddedPostgres server = EmbeddedPostgres.of(V15)
                .withSetting("lc_messages", "C.UTF-8")
                .withSetting("log_line_prefix", "%m [%p] %e ")
                .initialize()) {
            startInGerman(server, programs);
            server.execute("CREATE TABLE t AS SELECT 1 AS a", "CHECKPOINT");
            Path table = server.dataDirectory().resolve(server.query("SELECT pg_relation_filepath('t')"));
            server.stop();
            byte[] damaged = Files.readAllBytes(table);
            Arrays.fill(damaged, 8, 24, (byte) 0xEE);
            Files.write(table, damaged);
            startInGerman(server, programs);
            assertThatThrownBy(() -> server.query("SELECT a FROM t")).hasMessageContaining("Seite");
            server.stop();

            LogFacts log = LogReader.read(server.logFile().toString(), server.log(), false);

            assertThat(server.log()).contains("Datenbanksystem ist bereit");
            assertThat(log.translated()).isTrue();
            assertThat(log.events()).as(server.log()).extracting(LogEvent::id).containsExactly("page-corrupt");
        }
    }

    private static void startInGerman(EmbeddedPostgres server, Path programs) {
        String start =
                "%s/pg_ctl start -w -s -D %s -l %s".formatted(programs, server.dataDirectory(), server.logFile());
        Account.run(Account.asServer(List.of("sh", "-c", start)), Map.of("LANGUAGE", "de", "LC_ALL", "C.UTF-8"));
    }

    private void prepare() {
        primary.execute(
                "CREATE TABLE t AS SELECT 1 AS a",
                "CREATE ROLE plain LOGIN",
                "CREATE ROLE reject LOGIN REPLICATION",
                "CREATE ROLE secret LOGIN REPLICATION PASSWORD 'right'");
        primary.admit(
                "host replication reject 127.0.0.1/32 reject",
                "host replication secret 127.0.0.1/32 md5",
                "host all all 127.0.0.1/32 trust",
                "host replication all 127.0.0.1/32 trust");
        primary.reload();
    }

    /** Without the primary's own logs. */
    private Path clonePrimary() throws IOException {
        Path clone = primary.scratch("clones").resolve("clone");
        primary.stop();
        Account.run(
                Account.asServer(List.of("cp", "-a", primary.dataDirectory().toString(), clone.toString())), Map.of());
        primary.start();
        try (Stream<Path> logs = Files.list(clone.resolve("log"))) {
            for (Path log : logs.toList()) {
                Files.delete(log);
            }
        }
        follow(clone, "");
        return clone;
    }

    private void eachConnectionFails() throws IOException {
        for (String id : CONNECTIONS) {
            standby.stop();
            follow(standby.dataDirectory(), OPTIONS.getOrDefault(id, ""));
            if (!OPTIONS.containsKey(id)) {
                append("primary_slot_name = '" + id.replace('-', '_') + "'");
            }
            if (!id.equals("slot-active")) {
                standby.startWithoutWaiting();
                await(id);
                continue;
            }
            primary.execute("SELECT pg_create_physical_replication_slot('slot_active', true)");
            try (ReplicationSession other = ReplicationSession.open(primary, "slot_active")) {
                standby.startWithoutWaiting();
                await(id);
            }
        }
    }

    private void theWalIsRemoved() throws IOException {
        standby.stop();
        follow(standby.dataDirectory(), "");
        String change = primary.major().isAtLeast(V10) ? "SELECT pg_switch_wal()" : "SELECT pg_switch_xlog()";
        primary.execute("SELECT pg_drop_replication_slot('slot_active')");
        for (int i = 0; i < 4; i++) {
            primary.execute("INSERT INTO t VALUES (3)", change, "CHECKPOINT");
        }
        standby.startWithoutWaiting();
        await("wal-segment-removed");
    }

    private void aCrashAndAnAbortedBackup() {
        Collector.end(primary, primary::crash);
        primary.start();
        awaitOf(primary, "not-shut-down");
        try (Connection session = primary.connect();
                Statement statement = session.createStatement()) {
            statement.execute(
                    primary.major().isAtLeast(V15)
                            ? "SELECT pg_backup_start('x', true)"
                            : "SELECT pg_start_backup('x', true, false)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        // 9.6 to 12 say nothing of a backup whose session ends.
        if (primary.major().isAtLeast(V13)) {
            awaitOf(primary, "backup-aborted");
        }
    }

    private void theFormatsAgree(String formats) {
        for (EmbeddedPostgres server : List.of(primary, standby)) {
            Collector.end(server, server::stop);
            LogFacts stderr = read(server, "server.log");
            LogFacts csv = read(server, "server.csv");
            assertThat(stderr.format()).isEqualTo("stderr");
            assertThat(csv.format()).isEqualTo("csvlog");
            assertThat(summary(csv)).as("csvlog of " + server.major()).isEqualTo(summary(stderr));
            if (formats.contains("jsonlog")) {
                LogFacts json = read(server, "server.json");
                assertThat(json.format()).isEqualTo("jsonlog");
                assertThat(summary(json)).as("jsonlog of " + server.major()).isEqualTo(summary(stderr));
            }
            assertThat(List.of(stderr, csv)).noneMatch(LogFacts::translated);
        }
        Set<String> seen = ids(read(standby, "server.log"));
        assertThat(seen).containsAll(CONNECTIONS).contains("server-start", "consistent", "ready", "shutdown");
        assertThat(seen.contains("waiting-for-wal")).isEqualTo(primary.major().isAtLeast(V15));
    }

    /** Each message with what it names and how often it came; the first and the last ones of a server may miss its collector. */
    private static Map<String, Integer> summary(LogFacts log) {
        return log.events().stream()
                .filter(event -> !Set.of("server-start", "shutdown").contains(event.id()))
                .collect(Collectors.toMap(
                        event -> event.id() + " " + event.values(), LogEvent::count, Integer::sum, TreeMap::new));
    }

    private static Set<String> ids(LogFacts log) {
        return log.events().stream().map(LogEvent::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static LogFacts read(EmbeddedPostgres server, String name) {
        Path file = server.dataDirectory().resolve("log").resolve(name);
        try {
            return LogReader.read(file.toString(), Files.readString(file), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(String id) {
        awaitOf(standby, id);
    }

    private static void awaitOf(EmbeddedPostgres server, String id) {
        Awaitility.await(id)
                .atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ids(read(server, "server.log")))
                        .as(Files.readString(server.dataDirectory().resolve("log/server.log")))
                        .contains(id));
    }

    private void append(String line) throws IOException {
        Path file = recovery(standby.dataDirectory());
        Files.writeString(file, Files.readString(file) + line + "\n");
    }

    private Path recovery(Path directory) {
        return directory.resolve(primary.major().isAtLeast(V12) ? "postgresql.auto.conf" : "recovery.conf");
    }

    /** Writes the recovery settings anew, with some options of the connection in place of the usual ones. */
    private void follow(Path directory, String options) throws IOException {
        String conninfo = primary.conninfo().replace("dbname=postgres", "application_name=standby");
        for (String option : options.isEmpty() ? new String[0] : options.split(" ", -1)) {
            String name = option.substring(0, option.indexOf('='));
            conninfo = conninfo.replaceAll("\\b" + name + "=\\S+", "") + " " + option;
        }
        boolean own = !primary.major().isAtLeast(V12);
        Files.writeString(
                recovery(directory),
                (own ? "standby_mode = on\nrecovery_target_timeline = latest\n" : "") + "primary_conninfo = '"
                        + conninfo + "'\n");
        if (!own) {
            Files.writeString(directory.resolve("standby.signal"), "");
        }
        Account.give(directory);
    }
}
