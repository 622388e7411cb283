package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Standbys that run, or try to, and are not well. */
final class ServerStatesIT {
    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V13, ServerMajor.V17);

    static final List<PairState> STATES = List.of(
            state("collation-version-mismatch")
                    .form("older library, as far as the standby tells")
                    .since(ServerMajor.V10)
                    .by(pair -> record(pair, "9999.1"))
                    .thenMend(pair -> record(pair, "pg_collation_actual_version(oid)"))
                    .seenBy(pair -> DoctorFixture.of(pair.standby()))
                    .says("1 collations of the standby's host have another version than indexes were built with")
                    .evidence(
                            "\"de-x-icu\": indexes were built with version 9999.1, this host's library has ",
                            ", which is older")
                    .remedy(
                            "same-library",
                            "SELECT collname, collversion, pg_collation_actual_version(oid) FROM pg_collation;"),
            state("collation-version-mismatch")
                    .form("newer library, on both hosts")
                    .since(ServerMajor.V10)
                    .by(pair -> record(pair, "1.5"))
                    .thenMend(pair -> record(pair, "pg_collation_actual_version(oid)"))
                    .says("1 collations have another version on both hosts than indexes were built with")
                    .evidence(
                            "\"de-x-icu\": indexes were built with version 1.5, this host's library has ",
                            ", which is newer",
                            "pg_collation on the primary: ")
                    .remedy("rebuild-indexes", "REINDEX DATABASE …; ALTER COLLATION \"de-x-icu\" REFRESH VERSION;"),
            state("standby-query-conflicts")
                    .by(pair -> {
                        pair.restartWith("max_standby_streaming_delay = 0");
                        pair.awaitStreaming();
                        conflict(pair);
                    })
                    .thenMend(BrokenPair::release)
                    .says("Replay has cancelled queries on the standby")
                    .evidence(
                            "due to conflict with recovery",
                            "pg_stat_database_conflicts of the standby: database \"postgres\": ",
                            "hot_standby_feedback: off")
                    .remedy("let-queries-live", "ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf();"),
            state("standby-query-conflicts")
                    .form("in spite of feedback")
                    .by(pair -> {
                        pair.restartWith("max_standby_streaming_delay = 0", "hot_standby_feedback = on");
                        pair.awaitStreaming();
                        conflict(pair);
                    })
                    .thenMend(BrokenPair::release)
                    .evidence("hot_standby_feedback: on")
                    .remedy(
                            "let-queries-live",
                            "ALTER SYSTEM SET max_standby_streaming_delay = '5min'; SELECT pg_reload_conf();"),
            state("hot-standby-feedback-bloat")
                    .form("a query on the standby")
                    .by(pair -> {
                        pair.restartWith("hot_standby_feedback = on", "wal_receiver_status_interval = '1s'");
                        pair.awaitStreaming();
                        readForLong(pair);
                        pass(pair, 100_000);
                    })
                    .thenMend(pair -> {
                        pair.release();
                        pair.primary().execute("DROP TABLE passed");
                    })
                    .evidence(
                            "pg_replication_slots of the primary: \"{slot}\": xmin ",
                            "public.passed: 100,000 dead rows beside 0 live ones",
                            "pg_stat_activity of the standby: session of role \"postgres\" (pid ",
                            "hot_standby_feedback of the standby: on")
                    .remedy(
                            "end-feedback",
                            "ALTER SYSTEM SET hot_standby_feedback = off; SELECT pg_reload_conf();  -- on the standby"),
            state("hot-standby-feedback-bloat")
                    .form("of a standby that is gone")
                    .by(pair -> {
                        pair.restartWith("hot_standby_feedback = on", "wal_receiver_status_interval = '1s'");
                        pair.awaitStreaming();
                        readForLong(pair);
                        pair.release();
                        pair.stopStandby();
                        pass(pair, 100_000);
                    })
                    .thenMend(pair -> pair.primary().execute("DROP TABLE passed"))
                    .seenBy(pair -> new DoctorFixture().primary(pair.primary()))
                    .evidence("; nobody uses it")
                    .remedy("drop-slot", "SELECT pg_drop_replication_slot('{slot}');"),
            state("crash-loop")
                    .form("an error that no rule knows")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.set("ssl = on", "ssl_cert_file = 'no_such.crt'");
                        for (int i = 0; i < 3; i++) {
                            pair.startInVain();
                        }
                    })
                    .says(
                            "The same error again and again: could not load server certificate file \"no_such.crt\": No such"
                                    + " file or directory")
                    .followedBy("not-started")
                    .evidence("could not load server certificate file", "{log}: 3 times")
                    .remedy("stop-the-loop", "systemctl stop postgresql; or: pg_ctl -D {data} stop"));

    /** Has the primary's catalogue, and with it the standby's, say that a collation's indexes were built with a version. */
    private static void record(BrokenPair pair, String version) {
        String value = version.startsWith("pg_") ? version : "'" + version + "'";
        pair.primary().execute("UPDATE pg_collation SET collversion = " + value + " WHERE collname = 'de-x-icu'");
        pair.awaitReplay();
    }

    /** A query on the standby holds a lock that replay needs. */
    private static void conflict(BrokenPair pair) throws SQLException {
        pair.primary().execute("CREATE TABLE IF NOT EXISTS contended AS SELECT 1 AS a");
        pair.awaitReplay();
        Statement query = pair.hold(pair.standby());
        query.execute("BEGIN");
        query.execute("SELECT a FROM contended");
        pair.primary().execute("DROP TABLE contended");
        Awaitility.await("a conflict").until(() -> pair.standby().log().contains("due to conflict with recovery"));
    }

    /** Opens a transaction on the standby that keeps its snapshot, and waits until the primary knows. */
    private static void readForLong(BrokenPair pair) throws SQLException {
        Statement query = pair.hold(pair.standby());
        query.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        query.execute("SELECT a FROM t");
        Awaitility.await("the standby's feedback")
                .until(() -> pair.primary().query("SELECT xmin FROM pg_replication_slots WHERE active") != null);
    }

    /** Has the primary write and delete a row in each of many subtransactions, which cost little. */
    private static void pass(BrokenPair pair, int transactions) {
        pair.primary()
                .execute(
                        "CREATE TABLE passed (a int)",
                        "DO $$ BEGIN FOR i IN 1..%d LOOP BEGIN INSERT INTO passed VALUES (i); EXCEPTION"
                                        .formatted(transactions)
                                + " WHEN division_by_zero THEN NULL; END; END LOOP; END $$",
                        "DELETE FROM passed");
    }

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (BrokenPair pair = BrokenPair.start(major, With.SLOT)) {
            PairStates.take(pair, PairStates.dealt(PairStates.oneOfEach(STATES, MAJORS), major, MAJORS));
        }
    }
}
