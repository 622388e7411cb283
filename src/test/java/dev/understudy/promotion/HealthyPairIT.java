package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pair in which nothing is wrong gives go, on the majors that a system property names. */
final class HealthyPairIT {
    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#allMajors")
    void aHealthyPairGivesGo(ServerMajor major) {
        try (PromotionPair pair = PromotionPair.of(major)) {
            Verdict verdict = pair.examine();

            assertThat(verdict.isGo()).as(String.valueOf(verdict)).isTrue();
        }
    }
}
