package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.machine.ProcessLimits;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pair taken through the faults of host and contents; each is found by its check and by no other. */
final class SurroundingsStatesIT {
    private PromotionPair pair;
    private Connection client;

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void eachFaultIsFoundByItsCheckAlone(ServerMajor major) {
        try (PromotionPair built = PromotionPair.of(major, "max_prepared_transactions=5")) {
            pair = built.policy(Policy.standard().with("long_transaction", "1s"));
            built.take(states());
        }
    }

    private EmbeddedPostgres primary() {
        return pair.primary();
    }

    private List<State> states() {
        List<State> states = new ArrayList<>();
        states.addAll(storage());
        states.addAll(machine());
        states.addAll(contents());
        states.addAll(transactions());
        return states;
    }

    private List<State> storage() {
        List<State> states = new ArrayList<>();
        states.add(new State(
                "tablespaces",
                Result.FAIL,
                "is the primary's own directory: both servers write to",
                () -> onPrimary("CREATE TABLESPACE far LOCATION '" + primary().scratch("far") + "'"),
                () -> {}));
        states.add(new State(
                "tablespaces",
                Result.FAIL,
                "Tablespace \"far\" is not there: the server cannot open",
                () -> link(primary().scratch("gone").resolve("away")),
                () -> {
                    link(primary().scratch("far"));
                    onPrimary("DROP TABLESPACE far");
                }));
        states.add(new State(
                "disk-space",
                Result.FAIL,
                "and its WAL may grow by",
                () -> onBoth("max_wal_size = '1000TB'"),
                () -> onBoth("max_wal_size = '64MB'")));
        return states;
    }

    private List<State> machine() {
        return List.of(
                new State(
                        "resources-differ",
                        Result.WARN,
                        "The kernel's limit \"Max open files\" is 500, less than the 1000 for max_files_per_process",
                        () -> limitFiles(500),
                        () -> limitFiles(filesOfPrimary())),
                new State(
                        "time-zone-data",
                        Result.WARN,
                        // EST is an abbreviation as well, and means another one's time then.
                        "Not what they are on the primary: the rules of 1 time zone, \"EST\" first",
                        () -> {
                            pair.standby().configure("timezone_abbreviations = 'Australia'");
                            pair.standby().reload();
                        },
                        () -> {
                            pair.standby().configure("timezone_abbreviations = 'Default'");
                            pair.standby().reload();
                        }),
                new State(
                        "clock",
                        Result.WARN,
                        "The standby's clock is 5 s ahead of the primary's",
                        () -> shiftClock("5 s"),
                        this::mendClock),
                new State(
                        "clock",
                        Result.FAIL,
                        "The standby's clock is 2 min behind the primary's",
                        () -> shiftClock("-2 min"),
                        this::mendClock));
    }

    private List<State> contents() {
        List<State> states = new ArrayList<>();
        states.add(new State(
                "unlogged-tables",
                Result.WARN,
                "1 unlogged table will be empty: postgres.public.\"Cache\"",
                () -> onPrimary("CREATE UNLOGGED TABLE \"Cache\" (a int)"),
                () -> onPrimary("DROP TABLE \"Cache\"")));
        states.add(new State(
                "sequences",
                Result.WARN,
                "Sequence postgres.public.s has used 95 % of its range",
                () -> onPrimary("CREATE SEQUENCE s MAXVALUE 1000", "SELECT setval('s', 951)"),
                () -> onPrimary("DROP SEQUENCE s")));
        states.add(new State(
                "sequences",
                Result.FAIL,
                "Sequence postgres.public.s has no value left after a promotion, though it still has on the primary",
                () -> onPrimary("CREATE SEQUENCE s MAXVALUE 20", "SELECT nextval('s')"),
                () -> onPrimary("DROP SEQUENCE s")));
        if (pair.major().isAtLeast(ServerMajor.V10)) {
            states.add(new State(
                    "collation-versions",
                    Result.WARN,
                    "Another version of icu than both servers have has built 1 index",
                    () -> onPrimary(
                            "CREATE INDEX t_de ON t (b COLLATE \"de-x-icu\")",
                            "CREATE TABLE kept AS SELECT collversion FROM pg_collation WHERE collname = 'de-x-icu'",
                            "UPDATE pg_collation SET collversion = '1.2.3' WHERE collname = 'de-x-icu'"),
                    () -> onPrimary(
                            "UPDATE pg_collation SET collversion = (SELECT collversion FROM kept)"
                                    + " WHERE collname = 'de-x-icu'",
                            "DROP TABLE kept",
                            "DROP INDEX t_de")));
        }
        return states;
    }

    private List<State> transactions() {
        return List.of(
                new State(
                        "prepared-transactions",
                        Result.WARN,
                        "Promotion brings along 1 prepared transaction, locks included; the oldest for",
                        () -> onPrimary("BEGIN; INSERT INTO t VALUES (-1, ''); PREPARE TRANSACTION 'it''s'"),
                        () -> onPrimary("ROLLBACK PREPARED 'it''s'")),
                new State(
                        "wraparound",
                        Result.WARN,
                        "Database \"postgres\" has gone 55 % of the way to transaction id wraparound",
                        () -> age(1_200_000_000L),
                        this::mendAge),
                new State(
                        "wraparound",
                        Result.FAIL,
                        "Database \"postgres\" has gone 93 % of the way to transaction id wraparound",
                        () -> age(2_000_000_000L),
                        this::mendAge),
                new State(
                        "long-transactions",
                        Result.WARN,
                        "A transaction on the standby has been open for",
                        () -> open(pair.standby().connect(), "SELECT count(*) FROM t"),
                        () -> client.close()),
                new State(
                        "long-transactions",
                        Result.WARN,
                        "A transaction on the primary has been writing for",
                        () -> open(primary().connect(), "INSERT INTO t VALUES (-2, '')"),
                        () -> client.close()));
    }

    private void onPrimary(String... statements) {
        primary().execute(statements);
        pair.awaitCaughtUp();
    }

    private void onBoth(String setting) {
        for (EmbeddedPostgres server : List.of(primary(), pair.standby())) {
            server.configure(setting);
            server.reload();
        }
    }

    /** Makes the standby's link of the tablespace lead elsewhere. */
    private void link(Path target) throws IOException {
        String oid = primary().query("SELECT oid FROM pg_tablespace WHERE spcname = 'far'");
        Path link = pair.standby().dataDirectory().resolve("pg_tblspc/" + oid);
        Files.delete(link);
        Files.createSymbolicLink(link, target);
        Account.give(link.getParent());
    }

    /** Sets the soft limit of the running postmaster. */
    private void limitFiles(long count) {
        String pid = Long.toString(pair.standby().pid());
        Account.run(Account.asServer(List.of("prlimit", "--pid", pid, "--nofile=" + count + ":")), Map.of());
    }

    private long filesOfPrimary() throws IOException {
        String limits = Files.readString(Path.of("/proc/" + primary().pid() + "/limits"));
        return ProcessLimits.parse(limits).get(ProcessLimits.OPEN_FILES).orElseThrow();
    }

    /** All servers of a machine have one clock: what one of them says of it is moved. */
    private void shiftClock(String by) {
        onPrimary("CREATE OR REPLACE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
                + " 'SELECT CASE WHEN pg_is_in_recovery() THEN timeofday()::timestamptz + interval ''" + by
                + "'' ELSE timeofday()::timestamptz END'");
    }

    private void mendClock() {
        onPrimary("CREATE OR REPLACE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE internal"
                + " VOLATILE STRICT AS 'clock_timestamp'");
    }

    /** Ages the database by what the catalog says: a billion transactions would take a day. */
    private void age(long transactions) {
        onPrimary("CREATE TABLE kept AS SELECT datfrozenxid::text AS x FROM pg_database WHERE datname = 'postgres'");
        long current = Long.parseLong(primary().query("SELECT txid_current()"));
        long frozen = Math.floorMod(current - transactions, 1L << 32);
        onPrimary("UPDATE pg_database SET datfrozenxid = '" + frozen + "' WHERE datname = 'postgres'");
    }

    private void mendAge() {
        onPrimary(
                "UPDATE pg_database SET datfrozenxid = (SELECT x::xid FROM kept) WHERE datname = 'postgres'",
                "DROP TABLE kept");
    }

    private void open(Connection connection, String sql) throws SQLException {
        client = connection;
        client.setAutoCommit(false);
        client.createStatement().execute(sql);
        assertThat(client.isClosed()).isFalse();
    }
}
