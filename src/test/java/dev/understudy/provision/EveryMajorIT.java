package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every major, through each route, while an application writes: one primary, and three standbys from it one after the
 * other. What the runs say of themselves is not believed: all is looked at again through the plain driver, amcheck, the
 * file system and {@code pg_verifybackup}.
 */
final class EveryMajorIT {
    private static final List<String> ROUTES = List.of("local", "ssh", "sql");
    private static final Set<ServerMajor> WITH_CHECKSUMS =
            Set.of(ServerMajor.V10, ServerMajor.V12, ServerMajor.V14, ServerMajor.V15, ServerMajor.V17);

    /** Left on a primary that was a standby once, or that was restored; each would hurt the new standby. */
    private static final Map<String, String> RECOVERY_SETTINGS = Map.of(
            "archive_cleanup_command", "false",
            "primary_conninfo", "host=elsewhere",
            "primary_slot_name", "of_another",
            "recovery_end_command", "false",
            "recovery_min_apply_delay", "3600000",
            "recovery_target_name", "never",
            "recovery_target_timeline", "current",
            "restore_command", "false");

    @TempDir
    private static Path temporary;

    private static SshServer sshd;

    @BeforeAll
    static void startSshd() {
        sshd = SshServer.start(temporary.resolve("sshd"));
    }

    @AfterAll
    static void stopSshd() {
        if (sshd != null) {
            sshd.close();
        }
    }

    static List<ServerMajor> majors() {
        return EmbeddedBinaries.majors();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void isProvenThroughEachRouteWhileClientsWrite(ServerMajor major, @TempDir Path state) throws Exception {
        try (EmbeddedPostgres primary = primary(major)) {
            List<BuiltStandby> standbys = new ArrayList<>();
            try {
                buildAndCompare(primary, standbys, state);
            } finally {
                standbys.forEach(BuiltStandby::close);
            }
        }
    }

    private static void buildAndCompare(EmbeddedPostgres primary, List<BuiltStandby> standbys, Path state)
            throws IOException {
        String tablespace = primary.scratch("tablespace").toString();
        try (Ledger ledger = Ledger.create(primary.jdbcUrl(), tablespace).start()) {
            for (String route : ROUTES) {
                standbys.add(build(primary, route, tablespace, state));
                ledger.requireRunning();
            }
        }
        assertSlots(primary, "understudy_local t, understudy_sql t, understudy_ssh t");
        for (BuiltStandby standby : standbys) {
            holdsAllThatThePrimaryHolds(primary, standby);
        }
        theUnloggedTableIsEmptyOnceItIsPromoted(standbys.get(2));
    }

    private static EmbeddedPostgres primary(ServerMajor major) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(major)
                .withSetting("cluster_name", "source")
                .withSetting("external_pid_file", "second.pid");
        if (major.isAtLeast(ServerMajor.V12)) {
            RECOVERY_SETTINGS.forEach(builder::withSetting);
        }
        EmbeddedPostgres primary =
                (WITH_CHECKSUMS.contains(major) ? builder.withChecksums() : builder.withoutChecksums()).start();
        if (major.isAtLeast(ServerMajor.V10)) {
            primary.execute("CREATE EXTENSION amcheck");
        }
        return primary;
    }

    private static BuiltStandby build(EmbeddedPostgres primary, String route, String tablespace, Path state)
            throws IOException {
        Path directory = primary.scratch("work-" + route).resolve("standby");
        String newTablespace = directory + ".archive";
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host",
                        Map.of("local", "local", "ssh", sshd.address(), "sql", "none")
                                .get(route),
                "via", route,
                "data_directory", directory.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "slot", "understudy_" + route,
                "tablespaces", tablespace + "=" + newTablespace));
        RunState run = new RunFixture(state, sshd.options()).prove(playbook(primary.major(), state), parameters);

        BuiltStandby standby = BuiltStandby.of(run, primary.major(), directory);
        assertThat(run.published().get("copy")).containsEntry("via", route);
        Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), primary.major()).requireRight();
        assertThat(reading.replayed().orElseThrow())
                .isGreaterThanOrEqualTo(Lsn.parse(run.facts().get("stop_lsn")));
        assertThat(links(directory)).containsExactly(Path.of(newTablespace));
        assertThat(links(primary.dataDirectory())).containsExactly(Path.of(tablespace));
        assertThat(primary.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'"))
                .as("sessions that are left")
                .isEqualTo("0");
        hasNothingOfTheSourcesRecovery(standby, primary.major());
        return standby;
    }

    /** The shipped playbook; for PostgreSQL 15 with a hook that asks the stock pg_verifybackup before the start. */
    private static String playbook(ServerMajor major, Path state) throws IOException {
        if (!major.equals(ServerMajor.V15)) {
            return "standby";
        }
        String hook = "  - run: {command: '" + Oracles.program("pg_verifybackup")
                + " -n \"$UNDERSTUDY_DATA_DIRECTORY\"', timeout: 1min}\n";
        Path file = state.resolve("verified-standby.yaml");
        String text = Playbooks.load("standby").text();
        assertThat(text).contains("  - start-standby");
        Files.writeString(file, text.replace("  - start-standby", hook + "  - start-standby"));
        return file.toString();
    }

    private static void hasNothingOfTheSourcesRecovery(BuiltStandby standby, ServerMajor major) {
        assertThat(standby.query("SHOW cluster_name")).isEmpty();
        assertThat(standby.query("SHOW external_pid_file")).isEmpty();
        if (!major.isAtLeast(ServerMajor.V12)) {
            return;
        }
        for (String name : RECOVERY_SETTINGS.keySet()) {
            String value = standby.query("SELECT setting FROM pg_settings WHERE name = '" + name + "'");
            assertThat(value).as(name).isNotEqualTo(RECOVERY_SETTINGS.get(name));
        }
    }

    private static List<Path> links(Path dataDirectory) throws IOException {
        try (Stream<Path> entries = Files.list(dataDirectory.resolve("pg_tblspc"))) {
            List<Path> links = new ArrayList<>();
            for (Path entry : entries.toList()) {
                links.add(Files.readSymbolicLink(entry));
            }
            return links;
        }
    }

    private static void assertSlots(EmbeddedPostgres primary, String expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                primary.query("SELECT string_agg(slot_name || ' ' || substr(active::text, 1, 1), ', '"
                                        + " ORDER BY slot_name) FROM pg_replication_slots"))
                        .isEqualTo(expected));
    }

    /** Once nobody writes any more, the two must agree to the last entry. */
    private static void holdsAllThatThePrimaryHolds(EmbeddedPostgres primary, BuiltStandby standby) {
        boolean modern = primary.major().isAtLeast(ServerMajor.V10);
        Lsn written = Lsn.parse(
                primary.query("SELECT " + (modern ? "pg_current_wal_lsn()" : "pg_current_xlog_location()") + "::text"));
        Ledger.Reading onPrimary = Ledger.read(primary.jdbcUrl(), primary.major());
        Ledger.Reading onStandby = Awaitility.await("replay up to " + written)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> Ledger.read(standby.jdbcUrl(), primary.major()),
                        reading -> reading.replayed().orElseThrow().compareTo(written) >= 0);
        assertThat(onStandby.requireRight().entries()).isEqualTo(onPrimary.entries());
        assertThat(standby.query("SELECT count(*) FROM growing"))
                .isEqualTo(primary.query("SELECT count(*) FROM growing"));
        if (modern) {
            indexesAndTablesAreSound(standby, primary.major());
        }
    }

    private static void indexesAndTablesAreSound(BuiltStandby standby, ServerMajor major) {
        String check = major.isAtLeast(ServerMajor.V11) ? "bt_index_check(c.oid, true)" : "bt_index_check(c.oid)";
        String indexes =
                standby.query("SELECT count(" + check + "::text) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                        + " JOIN pg_index i ON i.indexrelid = c.oid WHERE a.amname = 'btree' AND c.relpersistence = 'p'"
                        + " AND i.indisready AND i.indisvalid");
        assertThat(Integer.parseInt(indexes)).isGreaterThan(100);
        if (major.isAtLeast(ServerMajor.V14)) {
            assertThat(standby.query("SELECT string_agg(c.relname || ': ' || v.msg, '; ') FROM pg_class c,"
                            + " LATERAL verify_heapam(c.oid) v WHERE c.relkind IN ('r', 'm', 't')"
                            + " AND c.relpersistence = 'p'"))
                    .isNull();
        }
    }

    private static void theUnloggedTableIsEmptyOnceItIsPromoted(BuiltStandby standby) {
        standby.promote();
        assertThat(standby.query("SELECT count(*) FROM unlogged")).isEqualTo("0");
        Ledger.read(standby.jdbcUrl(), standby.major()).requireRight();
    }
}
