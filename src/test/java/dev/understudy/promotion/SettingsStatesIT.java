package dev.understudy.promotion;

import static dev.understudy.promotion.check.Result.FAIL;
import static dev.understudy.promotion.check.Result.SKIPPED;
import static dev.understudy.promotion.check.Result.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.Deed;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States in which settings, log-ins, archive or installed files are in the way of a promotion. */
final class SettingsStatesIT {
    private static final String[] TRUSTING = {
        "local all all trust",
        "host all all 127.0.0.1/32 trust",
        "host all all ::1/128 trust",
        "local replication all trust",
        "host replication all 127.0.0.1/32 trust",
        "host replication all ::1/128 trust"
    };

    private Path archive;
    private Path libraries;

    @BeforeEach
    void makePlaces() throws IOException {
        archive = Files.createTempDirectory("us-archive");
        libraries = Files.createTempDirectory("us-libraries");
        Account.give(archive);
        Account.give(libraries);
    }

    @AfterEach
    void removePlaces() throws IOException {
        EmbeddedBinaries.deleteTree(archive);
        EmbeddedBinaries.deleteTree(libraries);
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) throws IOException {
        try (PromotionPair pair = pair(major)) {
            pair.giveDirectory(false);
            pair.take(ofConfiguration(pair));
            pair.take(ofLogins(pair));
            pair.take(ofContents(pair));
            aPlainRoleIsToldWhatItMayNotSee(pair);
            List<State> restarts = ofRestarts(pair);
            if (System.getProperty("understudy.promotion.majors") == null) {
                takeTogether(
                        pair,
                        restarts,
                        "max_replication_slots = 1",
                        "archive_mode = 'off'",
                        "wal_level = 'replica'",
                        "shared_preload_libraries = ''",
                        "shared_buffers = '20MB'");
            } else {
                pair.take(restarts);
            }
            pair.giveDirectory(true);
            takeFilesTogether(pair);
        }
    }

    private PromotionPair pair(ServerMajor major) {
        PromotionPair pair = PromotionPair.of(
                major,
                "wal_level=logical",
                "archive_mode=on",
                "archive_command=cp %p " + archive + "/%f",
                "shared_preload_libraries=pg_stat_statements");
        pair.primary()
                .execute(
                        "CREATE EXTENSION pg_stat_statements",
                        "SET password_encryption = 'md5'",
                        "CREATE ROLE app LOGIN PASSWORD 'secret'",
                        "CREATE ROLE silent LOGIN",
                        "SELECT pg_create_physical_replication_slot('other')");
        pair.awaitCaughtUp();
        return pair;
    }

    private static State reloaded(PromotionPair pair, String id, Result result, String says, String... lines) {
        return new State(id, result, says, () -> pair.reloadStandby(lines), pair::mendByReload);
    }

    private List<State> ofConfiguration(PromotionPair pair) {
        List<State> states = new ArrayList<>(List.of(
                reloaded(
                        pair,
                        "settings-differ",
                        WARN,
                        "1 setting differs from the primary's: work_mem",
                        "work_mem = '7MB'"),
                reloaded(
                        pair,
                        "settings-differ",
                        FAIL,
                        "must not run like this: default_transaction_read_only",
                        "default_transaction_read_only = on"),
                reloaded(pair, "archive-command", FAIL, "there is no archive_command", "archive_command = ''"),
                reloaded(pair, "archive-command", FAIL, "keeps nothing", "archive_command = '/bin/true'"),
                reloaded(
                        pair,
                        "archive-command",
                        WARN,
                        "otherwise than the primary: with directory \"/elsewhere\"",
                        "archive_command = 'cp %p /elsewhere/%f'"),
                reloaded(
                        pair,
                        "synchronous-names",
                        FAIL,
                        "every commit would wait for ever: synchronous_standby_names needs 1 standby",
                        "synchronous_standby_names = 'nobody'")));
        if (pair.major().isAtLeast(ServerMajor.V15)) {
            states.add(reloaded(
                    pair,
                    "archive-command",
                    FAIL,
                    "archive_library \"no_such_library\" is not installed",
                    "archive_command = ''",
                    "archive_library = 'no_such_library'"));
        }
        if (pair.major().isAtLeast(ServerMajor.V13)) {
            states.add(reloaded(
                    pair,
                    "leftovers",
                    WARN,
                    "Recovery settings are left: archive_cleanup_command",
                    "archive_cleanup_command = '/bin/true'"));
        }
        return states;
    }

    private static State admitted(
            PromotionPair pair, String id, Result result, String says, List<String> primary, List<String> standby) {
        return new State(
                id,
                result,
                says,
                () -> {
                    pair.primary().admit(primary.toArray(String[]::new)).reload();
                    pair.standby().admit(standby.toArray(String[]::new)).reload();
                },
                pair::mendByReload);
    }

    private static List<String> with(String line) {
        List<String> lines = new ArrayList<>(List.of(line));
        lines.addAll(List.of(TRUSTING));
        return lines;
    }

    private List<State> ofLogins(PromotionPair pair) {
        List<String> trusting = List.of(TRUSTING);
        List<State> states = new ArrayList<>(List.of(
                admitted(
                        pair,
                        "hba-admits",
                        FAIL,
                        "would not admit role \"app\" to database \"postgres\" from ::1",
                        trusting,
                        trusting.stream()
                                .filter(line -> !line.startsWith("host all all ::1"))
                                .toList()),
                admitted(
                        pair,
                        "hba-admits",
                        FAIL,
                        "would not admit role \"silent\"",
                        trusting,
                        with("host all silent 127.0.0.0/8 reject")),
                admitted(pair, "hba-admits", WARN, "another proof", trusting, with("local all app peer")),
                admitted(
                        pair,
                        "hba-admits",
                        WARN,
                        "The primary admits role \"postgres\" for replication from ::1",
                        trusting,
                        trusting.stream()
                                .filter(line -> !line.startsWith("host replication all ::1"))
                                .toList()),
                admitted(pair, "hba-admits", FAIL, "has an error", trusting, with("host all all nonsense"))));
        if (pair.major().isAtLeast(ServerMajor.V10)) {
            states.add(admitted(
                    pair,
                    "role-passwords",
                    FAIL,
                    "asks 1 role for a password that it does not have so: app",
                    with("host all app 10.0.0.0/8 md5"),
                    with("host all app 10.0.0.0/8 scram-sha-256")));
        }
        states.add(follower(pair));
        return states;
    }

    /** A second standby, as far as the primary can tell. */
    private static State follower(PromotionPair pair) {
        List<AutoCloseable> sessions = new ArrayList<>();
        return new State(
                "hba-admits",
                FAIL,
                "would not admit 1 of the standbys that follow the primary: role \"postgres\" for replication",
                () -> {
                    sessions.add(ReplicationSession.open(
                            Conninfo.parse(pair.primary().conninfo())));
                    pair.standby()
                            .admit(List.of(TRUSTING).stream()
                                    .filter(line -> !line.startsWith("host replication all 127"))
                                    .toArray(String[]::new))
                            .reload();
                },
                () -> {
                    for (AutoCloseable session : sessions) {
                        session.close();
                    }
                    pair.mendByReload();
                });
    }

    private static State executed(
            PromotionPair pair, String id, Result result, String says, List<String> make, List<String> mend) {
        return new State(id, result, says, deed(pair, make), deed(pair, mend));
    }

    private static Deed deed(PromotionPair pair, List<String> statements) {
        return () -> {
            for (String statement : statements) {
                pair.primary().execute(statement);
            }
            pair.awaitCaughtUp();
        };
    }

    private List<State> ofContents(PromotionPair pair) throws IOException {
        String plugin = pair.major().isAtLeast(ServerMajor.V10) ? "pgoutput" : "test_decoding";
        List<State> states = new ArrayList<>(List.of(
                executed(
                        pair,
                        "extension-files",
                        WARN,
                        "other versions of extensions: pg_stat_statements 99",
                        List.of("UPDATE pg_extension SET extversion = '99' WHERE extname = 'pg_stat_statements'"),
                        List.of(
                                "UPDATE pg_extension SET extversion = (SELECT default_version FROM pg_available_extensions"
                                        + " WHERE name = 'pg_stat_statements') WHERE extname = 'pg_stat_statements'")),
                executed(
                        pair,
                        "extension-files",
                        FAIL,
                        "lacks files that the databases need: pg_stat_nothing",
                        List.of(
                                "UPDATE pg_extension SET extname = 'pg_stat_nothing' WHERE extname = 'pg_stat_statements'"),
                        List.of(
                                "UPDATE pg_extension SET extname = 'pg_stat_statements' WHERE extname = 'pg_stat_nothing'")),
                executed(
                        pair,
                        "foreign-servers",
                        WARN,
                        "1 foreign server must be reached from the new primary's host: postgres.far",
                        List.of(
                                "CREATE FOREIGN DATA WRAPPER dummy",
                                "CREATE SERVER far FOREIGN DATA WRAPPER dummy OPTIONS (host 'db7', port '5433')"),
                        List.of("DROP FOREIGN DATA WRAPPER dummy CASCADE")),
                executed(
                        pair,
                        "scheduled-jobs",
                        WARN,
                        "would not run on the new primary: 1 of pg_cron at localhost:"
                                + pair.primary().port(),
                        List.of(
                                "CREATE SCHEMA cron",
                                "CREATE TABLE cron.job (jobid int8, nodename text, nodeport int4, active boolean)",
                                "INSERT INTO cron.job VALUES (1, 'localhost', "
                                        + pair.primary().port() + ", true)"),
                        List.of("DROP SCHEMA cron CASCADE")),
                executed(
                        pair,
                        "logical-slots",
                        WARN,
                        "1 logical slot will not be on the new primary, and the consumers break: consumer",
                        List.of("SELECT pg_create_logical_replication_slot('consumer', '" + plugin + "')"),
                        List.of("SELECT pg_drop_replication_slot('consumer')"))));
        if (pair.major().isAtLeast(ServerMajor.V10)) {
            states.add(executed(
                    pair,
                    "subscriptions",
                    WARN,
                    "1 subscription would start on the new primary, with the slot that the old primary uses: postgres.sub",
                    List.of(
                            "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 dbname=none' PUBLICATION pub WITH"
                                    + " (connect = false)",
                            "ALTER SUBSCRIPTION sub ENABLE"),
                    List.of(
                            "ALTER SUBSCRIPTION sub DISABLE",
                            "ALTER SUBSCRIPTION sub SET (slot_name = NONE)",
                            "DROP SUBSCRIPTION sub")));
        }
        if (pair.major().isAtLeast(ServerMajor.V17)) {
            states.add(executed(
                    pair,
                    "logical-slots",
                    FAIL,
                    "Failover slots are not synchronized to the standby, so their consumers would break: failing",
                    List.of("SELECT pg_create_logical_replication_slot('failing', 'pgoutput', false, false, true)"),
                    List.of("SELECT pg_drop_replication_slot('failing')")));
        }
        return states;
    }

    /** A role without any privilege learns of what is open to everybody, and why not of the rest. */
    private static void aPlainRoleIsToldWhatItMayNotSee(PromotionPair pair) {
        PromotionFacts facts = new PromotionGatherer(Hosts::open, Clock.systemUTC())
                .gather(new PromotionRequest(
                        Conninfo.parse(pair.standby().conninfo().replace("user=postgres", "user=silent")),
                        Optional.of(Conninfo.parse(pair.primary().conninfo().replace("user=postgres", "user=silent"))),
                        "local",
                        Optional.empty(),
                        List.of(),
                        Depth.QUICK));
        Verdict verdict = Promotion.examine(facts, Policy.standard());

        assertThat(verdict.isGo()).as(String.valueOf(verdict)).isTrue();
        for (String id : List.of("hba-admits", "role-passwords")) {
            assertThat(PromotionPair.result(verdict, id).result()).isEqualTo(SKIPPED);
        }
        if (pair.major().isAtLeast(ServerMajor.V12)) {
            assertThat(PromotionPair.result(verdict, "promote-permission").summary())
                    .isEqualTo("The role of the connection string may not call pg_promote()");
        }
    }

    private static State restarted(PromotionPair pair, String id, Result result, String says, String line) {
        return new State(id, result, says, () -> pair.restartStandby(line), pair::mendStandby);
    }

    private static List<State> ofRestarts(PromotionPair pair) {
        return List.of(
                restarted(pair, "replication-capacity", FAIL, "max_replication_slots", "max_replication_slots = 1"),
                restarted(
                        pair,
                        "archive-command",
                        FAIL,
                        "archive_mode is off, while the primary archives",
                        "archive_mode = 'off'"),
                restarted(pair, "publications", FAIL, "wal_level is replica", "wal_level = 'replica'"),
                restarted(
                        pair,
                        "preload-libraries",
                        FAIL,
                        "does not preload what an installed extension needs: pg_stat_statements",
                        "shared_preload_libraries = ''"),
                restarted(pair, "settings-differ", WARN, "shared_buffers*", "shared_buffers = '20MB'"));
    }

    /** All at once, for they do not touch each other and a restart takes its time. */
    private static void takeTogether(PromotionPair pair, List<State> states, String... lines) {
        Map<String, Result> expected = new TreeMap<>(PromotionPair.findings(pair.examine()));
        states.forEach(state -> expected.put(state.id(), state.expected()));
        pair.restartStandby(lines);
        try {
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                Verdict verdict = pair.examine();
                assertThat(PromotionPair.findings(verdict))
                        .as(String.valueOf(verdict))
                        .isEqualTo(expected);
                states.forEach(state -> assertThat(
                                PromotionPair.result(verdict, state.id()).summary())
                        .contains(state.says()));
            });
        } finally {
            pair.mendStandby();
        }
    }

    /** What only the files tell, all at once: each look at them takes its time. */
    private void takeFilesTogether(PromotionPair pair) throws IOException {
        Path own = libraries.resolve("pg_stat_statements.so");
        Files.copy(
                Path.of(pair.primary().query("SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'"))
                        .resolve(own.getFileName()),
                own);
        Account.give(own);
        String name = own.toString().replace(".so", "");
        pair.primary()
                .execute("CREATE FUNCTION own() RETURNS void LANGUAGE c AS '" + name + "', 'pg_stat_statements_reset'");
        pair.restartStandby("shared_preload_libraries = '" + name + "'");
        pair.awaitCaughtUp();
        Verdict healthy = pair.examine();
        // Whoever started this test may be a service.
        Map<String, Result> expected = new TreeMap<>(PromotionPair.findings(healthy));
        assertThat(expected).as(String.valueOf(healthy)).doesNotContainValue(FAIL);
        assertThat(healthy.checks())
                .extracting(CheckResult::summary)
                .contains("The server's account may write to the archive \"%s\" (nothing was written)"
                        .formatted(archive.toRealPath()));

        expected.putAll(Map.of(
                "archive-writable", FAIL,
                "archive-timeline-collision", FAIL,
                "extension-files", FAIL,
                "preload-libraries", FAIL));
        Files.createFile(archive.resolve("00000002.history"));
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.delete(own);
        if (pair.major().isAtLeast(ServerMajor.V12)) {
            Path signal = Files.createFile(pair.standby().dataDirectory().resolve("recovery.signal"));
            Account.give(signal);
            expected.put("leftovers", FAIL);
        }
        Verdict verdict = pair.examine();
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rwx------"));

        assertThat(PromotionPair.findings(verdict)).as(String.valueOf(verdict)).isEqualTo(expected);
        assertThat(verdict.checks())
                .extracting(CheckResult::summary)
                .contains(
                        "The server's account may not write to the archive \"%s\"".formatted(archive.toRealPath()),
                        "The promotion would make timeline 2, and the archive holds another timeline 2",
                        "The standby's host lacks files that the databases need: " + name,
                        "A preloaded library is not installed on the standby's host, so it would not start again: "
                                + name);
    }
}
