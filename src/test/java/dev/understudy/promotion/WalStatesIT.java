package dev.understudy.promotion;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States in which the standby has not everything. */
final class WalStatesIT {
    private PromotionPair pair;
    private Session reader;
    private Lsn broken = Lsn.INVALID;

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#older")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built.policy(Policy.standard().with("replay_delay", "2s").with("replay_lag", "1MB"));
            pair.take(states());
        }
    }

    private List<State> states() {
        return List.of(
                // A primary writes WAL of its own accord, so that replay that is paused is behind sooner or later.
                new State(
                        "replay-running",
                        Result.FAIL,
                        "Replay is paused",
                        () -> {
                            pause();
                            pair.primary().execute("INSERT INTO t VALUES (99997, 'waits')");
                        },
                        this::catchUp,
                        Map.of("replay-caught-up", Result.WARN)),
                new State(
                        "wal-intact",
                        Result.FAIL,
                        "a promotion would lose what is behind",
                        this::breakWhatWaits,
                        this::mendWhatWaits,
                        Map.of("replay-running", Result.FAIL, "replay-caught-up", Result.WARN)),
                new State(
                        "replay-caught-up",
                        Result.FAIL,
                        "The standby did not replay up to ",
                        this::holdReplayUp,
                        this::letReplayGoOn),
                new State(
                        "replay-caught-up",
                        Result.FAIL,
                        " bytes of WAL are not replayed, more than replay_lag allows (1048576)",
                        this::fallBehind,
                        this::catchUp,
                        Map.of("replay-running", Result.FAIL)),
                new State(
                        "apply-delay",
                        Result.WARN,
                        "Replay is delayed on purpose",
                        () -> pair.restartRecovery("recovery_min_apply_delay = '1h'"),
                        () -> {}),
                // A restart for each of two that do not touch each other would take its time.
                new State(
                        "recovery-target",
                        Result.FAIL,
                        "A recovery target is set",
                        () -> pair.restartRecovery("recovery_target_time = '2099-01-01 00:00:00'"),
                        pair::mendStandby,
                        Map.of("apply-delay", Result.WARN)),
                new State(
                        "replay-caught-up",
                        Result.WARN,
                        "The standby does not stream from its primary",
                        () -> pair.restartRecovery("primary_conninfo = 'host=127.0.0.1 port=1'"),
                        () -> {}),
                new State(
                        "synchronous-loss",
                        Result.FAIL,
                        "Commits are synchronous, but not with this standby, which lacks ",
                        () -> {
                            synchronous("elsewhere");
                            // Nobody is there to wait for.
                            pair.primary()
                                    .execute("SET synchronous_commit = local", "INSERT INTO t VALUES (99998, 'lost')");
                        },
                        () -> {
                            synchronous("");
                            pair.mendStandby();
                        },
                        Map.of("synchronous-names", Result.WARN, "replay-caught-up", Result.FAIL)),
                new State(
                        "synchronous-loss",
                        Result.WARN,
                        "Commits are synchronous, but not with this standby; it has all of them now",
                        () -> synchronous("elsewhere"),
                        () -> synchronous(""),
                        Map.of("synchronous-names", Result.WARN)),
                new State(
                        "synchronous-loss",
                        Result.WARN,
                        "yet commits are reported when the primary alone has flushed it (synchronous_commit = local)",
                        () -> {
                            pair.primary().execute("ALTER SYSTEM SET synchronous_commit = local");
                            synchronous("standby");
                        },
                        () -> {
                            pair.primary().execute("ALTER SYSTEM RESET synchronous_commit");
                            synchronous("");
                        },
                        Map.of("synchronous-names", Result.WARN, "settings-differ", Result.WARN)));
    }

    private void pause() {
        pair.standby().execute(pair.function("SELECT pg_%s_replay_pause()"));
    }

    private void resume() {
        pair.standby().execute(pair.function("SELECT pg_%s_replay_resume()"));
    }

    private Lsn position(String function) {
        String suffix = pair.major().isAtLeast(ServerMajor.V10) ? "_lsn()" : "_location()";
        return Lsn.parse(pair.standby().query("SELECT " + pair.function("pg_last_%s_" + function) + suffix));
    }

    private void fallBehind() {
        pause();
        pair.primary().execute("INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(20001, 22000) i");
    }

    private void catchUp() {
        resume();
        pair.awaitCaughtUp();
    }

    /** Turns a bit in WAL that is received and not replayed. */
    private void breakWhatWaits() throws IOException {
        pause();
        Awaitility.await("replay to be paused")
                .until(() -> "t".equals(pair.standby().query(pair.function("SELECT pg_is_%s_replay_paused()"))));
        pair.primary().execute("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(10001, 10200) i");
        Lsn replayed = position("replay");
        Awaitility.await("WAL to be received")
                .atMost(Duration.ofSeconds(20))
                .until(() -> position("receive").isAtLeast(replayed.plus(20_000)));
        broken = replayed.plus(10_000);
        flip();
    }

    private void mendWhatWaits() throws IOException {
        flip();
        resume();
        pair.awaitCaughtUp();
    }

    private void flip() throws IOException {
        WalSegmentSize size = new WalSegmentSize(16 << 20);
        WalSegment segment = WalSegment.containing(new TimelineId(1), broken, size);
        Path file =
                pair.standby().dataDirectory().resolve(pair.function("pg_%s")).resolve(segment.name());
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) broken.minus(segment.start())] ^= 16;
        Files.write(file, bytes);
    }

    /** A snapshot on the standby that still sees what the primary has cleaned away. */
    private void holdReplayUp() {
        reader = Session.open(
                dev.understudy.postgres.Conninfo.parse(pair.standby().conninfo()));
        reader.execute(Duration.ofSeconds(10), "BEGIN ISOLATION LEVEL REPEATABLE READ");
        reader.one(row -> row.bigNumber("n"), "SELECT count(*) AS n FROM public.t");
        pair.primary().execute("DELETE FROM t WHERE a > 1900", "VACUUM t", "INSERT INTO t VALUES (99999, 'after')");
    }

    private void letReplayGoOn() {
        reader.close();
        pair.awaitCaughtUp();
    }

    private void synchronous(String names) {
        pair.primary().execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
        pair.primary().reload();
        Awaitility.await("the setting")
                .until(() -> names.equals(pair.primary().query("SHOW synchronous_standby_names")));
    }
}
