package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.testing.EmbeddedPostgres;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is given as a standby and is none, or is not this primary's. */
final class OtherServersIT {
    private static CheckResult result(String id, String standby, String primary) {
        PromotionRequest request = new PromotionRequest(
                Conninfo.parse(standby),
                Optional.of(Conninfo.parse(primary)),
                "local",
                Optional.empty(),
                List.of(),
                Depth.QUICK);
        Verdict verdict = Promotion.examine(
                new PromotionGatherer(Hosts::open, Clock.systemUTC()).gather(request), Policy.standard());
        assertThat(verdict.isGo()).as(String.valueOf(verdict)).isFalse();
        return PromotionPair.result(verdict, id);
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#majors")
    void aPrimaryAnotherClusterAndASilentServerAreNoGo(ServerMajor major) {
        try (EmbeddedPostgres one =
                        EmbeddedPostgres.of(major).withoutChecksums().start();
                EmbeddedPostgres other = EmbeddedPostgres.of(major).start()) {
            CheckResult recovery = result("in-recovery", one.conninfo(), other.conninfo());
            assertThat(recovery.result()).isEqualTo(Result.FAIL);
            assertThat(recovery.summary()).isEqualTo("The server is not in recovery: it is a primary already");

            CheckResult identifier = result("system-identifier", one.conninfo(), other.conninfo());
            assertThat(identifier.result()).isEqualTo(Result.FAIL);
            assertThat(identifier.summary())
                    .matches(
                            "The standby has system identifier \\d+, the primary \\d+: it is a copy of another cluster");

            CheckResult checksums = result("data-checksums", one.conninfo(), other.conninfo());
            assertThat(checksums.result()).isEqualTo(Result.WARN);
            assertThat(checksums.summary())
                    .isEqualTo("Data checksums are off: damage on disk goes unseen until it is read");

            one.stop();
            CheckResult silent = result("in-recovery", one.conninfo(), other.conninfo());
            assertThat(silent.result()).isEqualTo(Result.FAIL);
            assertThat(silent.summary()).isEqualTo("The standby does not answer queries");
            assertThat(result("replay-running", one.conninfo(), other.conninfo())
                            .summary())
                    .startsWith("the standby could not be asked: ");
        }
    }
}
