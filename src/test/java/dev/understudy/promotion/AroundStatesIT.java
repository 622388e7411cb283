package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.server.Session;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States in which what is around the standby stands in the way; with a second standby beside it. */
final class AroundStatesIT {
    private PromotionPair pair;
    private Session manager;

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built;
            pair.take(states());
            secondStandby();
        }
    }

    private List<State> states() {
        return List.of(
                new State(
                        "managed-elsewhere",
                        Result.FAIL,
                        "Patroni manages this standby",
                        () -> manager = Session.open(
                                Conninfo.parse(pair.standby().conninfo() + " application_name='Patroni heartbeat'")),
                        () -> manager.close()),
                new State(
                        "managed-elsewhere",
                        Result.WARN,
                        "pg_auto_failover was seen on the host",
                        () -> touch("postgresql-auto-failover.conf"),
                        () -> Files.delete(file("postgresql-auto-failover.conf"))),
                new State(
                        "old-primary-can-rewind",
                        Result.WARN,
                        "full_page_writes is off",
                        () -> fullPageWrites("off"),
                        () -> fullPageWrites("on"),
                        Map.of("settings-differ", Result.WARN)));
    }

    private Path file(String name) {
        return pair.standby().dataDirectory().resolve(name);
    }

    private void touch(String name) throws Exception {
        Files.writeString(file(name), "");
        Account.give(file(name));
    }

    private void fullPageWrites(String value) {
        pair.primary().execute("ALTER SYSTEM SET full_page_writes = " + value);
        pair.primary().reload();
        Awaitility.await("the setting").until(() -> value.equals(pair.primary().query("SHOW full_page_writes")));
    }

    /** Another standby of the same primary: it follows, would not follow, and has more than the one to be promoted. */
    private void secondStandby() {
        EmbeddedPostgres primary = pair.primary();
        primary.execute("SELECT pg_create_physical_replication_slot('other', true)");
        Path clone = primary.scratch("others").resolve("clone");
        primary.stop();
        PairFiles.copy(primary.dataDirectory(), clone);
        primary.start();
        PairFiles.follow(primary, clone, "primary_slot_name = 'other'");
        try (EmbeddedPostgres other = EmbeddedPostgres.of(pair.major())
                .onDataDirectory(clone)
                .initialize()
                .start()) {
            Awaitility.await("the other standby to stream")
                    .until(() -> "2"
                            .equals(primary.query(
                                    "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")));
            pair.awaitCaughtUp();
            pair.downstreams(other.conninfo());
            Map<String, Result> usual = PromotionPair.findings(pair.examine());
            assertThat(usual).containsEntry("downstream-can-follow", Result.WARN);
            CheckResult missing = PromotionPair.result(pair.examine(), "downstream-can-follow");
            assertThat(missing.summary()).isEqualTo("1 slots that downstream standbys use are not there: other");
            assertThat(missing.remedy()).isEqualTo("SELECT pg_create_physical_replication_slot('other', true);");

            pair.standby().execute("SELECT pg_create_physical_replication_slot('other', true)");
            assertThat(PromotionPair.findings(pair.examine())).doesNotContainKey("downstream-can-follow");

            onTheOldTimeline(other);
            ahead(other);
        }
    }

    private void onTheOldTimeline(EmbeddedPostgres other) {
        if (pair.major().isAtLeast(ServerMajor.V12)) {
            other.stop();
            other.configure("recovery_target_timeline = 'current'");
            other.start();
            CheckResult stays = PromotionPair.result(pair.examine(), "downstream-can-follow");
            assertThat(stays.result()).isEqualTo(Result.FAIL);
            assertThat(stays.summary())
                    .contains("would not go on to the new timeline: recovery_target_timeline is not latest");
            other.stop();
            other.configure("recovery_target_timeline = 'latest'");
            other.start();
        }
    }

    /** The standby to be promoted is cut off, the other one gets more, and then the primary goes. */
    private void ahead(EmbeddedPostgres other) {
        pair.restartRecovery("primary_conninfo = 'host=127.0.0.1 port=1'");
        pair.primary().execute("INSERT INTO t SELECT i, 'more' FROM generate_series(50001, 50100) i");
        Awaitility.await("the other standby to have it")
                .until(() -> "100".equals(other.query("SELECT count(*) FROM t WHERE b = 'more'")));
        Verdict up = pair.examine();
        assertThat(PromotionPair.result(up, "most-advanced").result())
                .as(String.valueOf(up))
                .isEqualTo(Result.WARN);
        assertThat(PromotionPair.result(up, "most-advanced").summary())
                .matches("(Standby|The primary's sender to) .* has \\d+ bytes of WAL more than this standby");
        pair.primary().stop();

        Verdict verdict = pair.examine();
        assertThat(PromotionPair.result(verdict, "replay-caught-up").result()).isEqualTo(Result.WARN);
        assertThat(PromotionPair.result(verdict, "replay-caught-up").summary())
                .matches(
                        "Nothing streams to the standby, and what the primary had besides cannot be known; .*replayed.*");
        assertThat(PromotionPair.result(verdict, "most-advanced").result())
                .as(String.valueOf(verdict))
                .isEqualTo(Result.FAIL);
        assertThat(PromotionPair.result(verdict, "most-advanced").summary())
                .matches("Standby .* has \\d+ bytes of WAL more than this standby");
        assertThat(PromotionPair.result(verdict, "downstream-can-follow").summary())
                .matches("Downstream .* has \\d+ bytes of WAL that this standby has not");
        assertThat(PromotionPair.result(verdict, "system-identifier").summary())
                .startsWith("the primary could not be asked: ");
    }
}
