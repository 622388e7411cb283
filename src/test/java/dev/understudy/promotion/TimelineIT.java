package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another standby was promoted: whether this one could still follow it, or has gone another way. */
final class TimelineIT {
    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#older")
    void aStandbyThatHasGonePastTheForkIsNoGo(ServerMajor major) throws IOException {
        try (PromotionPair pair = PromotionPair.of(major).giveDirectory(false)) {
            EmbeddedPostgres primary = pair.primary();
            Path clone = primary.scratch("others").resolve("clone");
            Path trigger = primary.scratch("trigger").resolve("promote");
            primary.stop();
            PairFiles.copy(primary.dataDirectory(), clone);
            primary.start();
            boolean byFunction = major.isAtLeast(ServerMajor.V12);
            PairFiles.follow(primary, clone, byFunction ? "" : "trigger_file = '" + trigger + "'");
            try (EmbeddedPostgres other = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .start()) {
                Awaitility.await("both standbys to stream")
                        .ignoreExceptions()
                        .until(() -> "2"
                                .equals(primary.query(
                                        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")));
                // Stopped cleanly, it sends all that it has to both of them.
                primary.stop();
                if (byFunction) {
                    other.execute("SELECT pg_promote()");
                } else {
                    Files.writeString(trigger, "");
                    Account.give(trigger);
                }
                Awaitility.await("the other to be promoted")
                        .ignoreExceptions()
                        .until(() -> "f".equals(other.query("SELECT pg_is_in_recovery()")));
                pair.primaryIs(other);

                CheckResult behind = PromotionPair.result(pair.examine(), "timeline-descends");
                assertThat(behind.result()).as(String.valueOf(behind)).isEqualTo(Result.WARN);
                assertThat(behind.summary())
                        .isEqualTo("The primary is on a later timeline, which the standby can still go on to");

                primary.start();
                primary.execute("INSERT INTO t SELECT i, 'past' FROM generate_series(50001, 50100) i");
                pair.awaitCaughtUp();
                CheckResult past = PromotionPair.result(pair.examine(), "timeline-descends");
                assertThat(past.result()).as(String.valueOf(past)).isEqualTo(Result.FAIL);
                assertThat(past.summary())
                        .isEqualTo(
                                "The standby has gone past the place where the primary's timeline 2 left timeline 1");
            }
        }
    }
}
