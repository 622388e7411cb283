package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Standbys that do what their configuration says, which is not what somebody wants. */
final class ConfigurationStatesIT {
    private static final String RESTART = " && pg_ctl -D {data} restart";

    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V14, ServerMajor.V11);

    static final List<PairState> STATES = List.of(
            state("replay-paused")
                    .by(pair -> pair.standby().execute(pair.fill("SELECT pg_{wal}_replay_pause()")))
                    .thenMend(pair -> pair.standby().execute(pair.fill("SELECT pg_{wal}_replay_resume()")))
                    .says("Replay is paused on the standby")
                    .evidence("pg_is_wal_replay_paused() on the standby: true")
                    .remedy("resume-replay", "SELECT pg_{wal}_replay_resume();"),
            state("apply-delay")
                    .since(ServerMajor.V12)
                    .by(pair -> pair.restartWith("recovery_min_apply_delay = '1h'"))
                    .says("The standby replays late, because recovery_min_apply_delay tells it to")
                    .evidence(
                            "recovery_min_apply_delay of the standby: 3600000 ms",
                            "{data}/postgresql.auto.conf",
                            ": recovery_min_apply_delay = 1h")
                    .remedy(
                            "end-apply-delay",
                            "ALTER SYSTEM SET recovery_min_apply_delay = 0; SELECT pg_reload_conf();"),
            state("apply-delay")
                    .form("in recovery.conf")
                    .until(ServerMajor.V11)
                    .by(pair -> pair.restartWith("recovery_min_apply_delay = '1h'"))
                    .says("The standby replays late, because recovery_min_apply_delay tells it to")
                    .evidence("{data}/recovery.conf", ": recovery_min_apply_delay = 1h")
                    .remedy(
                            "end-apply-delay",
                            "sed -i -e '/^ *recovery_min_apply_delay\\>/d' {data}/recovery.conf" + RESTART),
            state("recovery-target-left")
                    .form("reached")
                    .since(ServerMajor.V12)
                    .by(pair -> {
                        pair.restartWith("recovery_target = 'immediate'");
                        pair.primary().execute("INSERT INTO t VALUES (3)");
                    })
                    .says("The standby has stopped at a recovery target that was left in its configuration")
                    .evidence("recovery_target = immediate", "{log}")
                    .followedBy("replay-paused")
                    .remedy(
                            "clear-recovery-target",
                            "printf '%s\\n' \"recovery_target = ''\" >> {data}/postgresql.auto.conf" + RESTART),
            state("recovery-target-left")
                    .form("reached, in recovery.conf")
                    .until(ServerMajor.V11)
                    .by(pair -> {
                        pair.restartWith("recovery_target = 'immediate'");
                        pair.primary().execute("INSERT INTO t VALUES (3)");
                    })
                    .says("The standby has stopped at a recovery target that was left in its configuration")
                    .evidence("{data}/recovery.conf", "{log}")
                    .followedBy("replay-paused")
                    .remedy(
                            "clear-recovery-target",
                            "sed -i -e '/^ *recovery_target\\>/d' {data}/recovery.conf" + RESTART),
            state("recovery-target-left")
                    .form("to come")
                    .by(pair -> pair.restartWith("recovery_target_time = '2099-01-01 00:00:00+00'"))
                    .says("A recovery target is left in the standby's configuration")
                    .evidence("recovery_target_time = 2099-01-01 00:00:00+00"),
            state("recovery-target-left")
                    .form("reached, and the server shut down")
                    .by(pair -> {
                        pair.restartWith("recovery_target = 'immediate'", "recovery_target_action = 'shutdown'");
                        pair.primary().execute("INSERT INTO t VALUES (3)");
                    })
                    .says("The standby has stopped at a recovery target that was left in its configuration")
                    .followedBy("not-started"),
            state("hot-standby-off")
                    .by(pair -> pair.restartWith("hot_standby = off"))
                    .says("The standby replays and answers nobody: hot_standby is off")
                    .evidence("connection to the standby: the database system is ", ": hot_standby = off")
                    .remedy(
                            "switch-hot-standby-on",
                            "echo \"hot_standby = on\" >> {data}/postgresql.auto.conf" + RESTART),
            state("hot-standby-off")
                    .form("by default")
                    .until(ServerMajor.V9_6)
                    .by(pair -> {
                        pair.stopStandby();
                        Path main = pair.standby().dataDirectory().resolve("postgresql.conf");
                        Files.write(
                                main,
                                Files.readAllLines(main).stream()
                                        .filter(line -> !line.startsWith("hot_standby "))
                                        .toList());
                        pair.standby().startWithoutWaiting();
                    })
                    .evidence("configuration files: do not set hot_standby, which is off by default up to 9.6"),
            state("parameters-too-low")
                    .form("at start")
                    .by(pair -> pair.failWith("max_connections = 20"))
                    .followedBy("not-started")
                    .says("Parameters of the standby are lower than the primary's, so it cannot replay its WAL")
                    .evidence(
                            "max_connections = 20 is a lower setting",
                            "max_connections = 20, pg_control wants at least 100")
                    .remedy(
                            "raise-parameters",
                            "printf '%s\\n' \"max_connections = 100\" >> {data}/postgresql.auto.conf" + RESTART),
            state("parameters-too-low")
                    .form("two of them, one that no file sets")
                    .by(pair -> {
                        pair.restartPrimaryWith("max_prepared_transactions = 5", "max_locks_per_transaction = 70");
                        pair.set("max_prepared_transactions = 5", "max_locks_per_transaction = 70");
                        pair.stopStandby();
                        pair.standby().start();
                        pair.awaitReplay();
                        pair.stopStandby();
                        pair.set("max_prepared_transactions = 1");
                        forget(pair, "max_locks_per_transaction");
                        pair.startInVain();
                    })
                    .thenMend(pair -> {
                        pair.set("max_prepared_transactions = 5", "max_locks_per_transaction = 70");
                        pair.standby().start();
                        backToTheOldPrimary(pair);
                    })
                    .followedBy("not-started")
                    .evidence(
                            "max_prepared_transactions = 1, pg_control wants at least 5",
                            "default, which no configuration file changes: max_locks_per_transaction = 64, pg_control"
                                    + " wants at least 70")
                    .remedy(
                            "raise-parameters",
                            "printf '%s\\n' \"max_locks_per_transaction = 70\" \"max_prepared_transactions = 5\" >>"
                                    + " {data}/postgresql.auto.conf" + RESTART),
            state("parameters-too-low")
                    .form("raised on the primary, and replay pauses")
                    .since(ServerMajor.V14)
                    .by(pair -> pair.restartPrimaryWith("max_connections = 120"))
                    .thenMend(ConfigurationStatesIT::raiseAndGoBack)
                    .followedBy("replay-paused")
                    .evidence(
                            "max_connections = 100 is a lower setting than on the primary server",
                            "setting of the standby: max_connections = 100")
                    .remedy(
                            "raise-parameters",
                            "printf '%s\\n' \"max_connections = 120\" >> {data}/postgresql.auto.conf" + RESTART),
            state("parameters-too-low")
                    .form("raised on the primary, and the standby ends")
                    .until(ServerMajor.V13)
                    .by(pair -> pair.restartPrimaryWith("max_connections = 120"))
                    .thenMend(ConfigurationStatesIT::raiseAndGoBack)
                    .followedBy("not-started")
                    .evidence(
                            "max_connections = 100 is a lower setting",
                            "max_connections = 100, pg_control wants at least 120")
                    .remedy(
                            "raise-parameters",
                            "printf '%s\\n' \"max_connections = 120\" >> {data}/postgresql.auto.conf" + RESTART),
            state("recovery-snapshot-not-ready")
                    .by(ConfigurationStatesIT::overflow)
                    .thenMend(pair -> {
                        pair.release();
                        pair.primary().execute("CHECKPOINT");
                    })
                    .says(
                            "The standby is consistent, and waits for transactions with more than 64 subtransactions to end")
                    .evidence(
                            "connection to the standby: ",
                            "consistent recovery state reached at ",
                            "pg_stat_activity of the primary: process ")
                    .remedy("log-standby-snapshot", "{snapshot};  -- on the primary"));

    /** A transaction with more subtransactions than a snapshot holds, when the standby's recovery starts. */
    private static void overflow(BrokenPair pair) throws Exception {
        Statement session = pair.hold(pair.primary());
        session.execute("BEGIN");
        for (int i = 0; i < 70; i++) {
            session.execute("SAVEPOINT s" + i);
            session.execute("INSERT INTO t VALUES (" + i + ")");
        }
        pair.primary().execute("CHECKPOINT");
        pair.awaitReplay();
        // So that it starts where the snapshot is one that has overflowed.
        pair.standby().execute("CHECKPOINT");
        pair.stopStandby();
        pair.standby().startWithoutWaiting();
    }

    private static void raiseAndGoBack(BrokenPair pair) throws Exception {
        pair.stopStandby();
        pair.set("max_connections = 120");
        pair.standby().start();
        backToTheOldPrimary(pair);
    }

    /** The standby has to see the primary's old settings before it may have its own. */
    private static void backToTheOldPrimary(BrokenPair pair) {
        pair.awaitReplay();
        pair.mendPrimary();
        pair.awaitStreaming();
        pair.awaitReplay();
    }

    private static void forget(BrokenPair pair, String name) throws Exception {
        Path file = pair.standby().dataDirectory().resolve("postgresql.auto.conf");
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith(name))
                        .toList());
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
