package dev.understudy.promotion.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyTest {
    private static final List<String> CHECKS = List.of("corruption", "wal-intact");

    private static Policy read(String text) {
        return Policy.read("policy.yaml", text, CHECKS);
    }

    @Test
    void everyThresholdHoldsItsStandardUntilItIsMoved() {
        Policy policy = Policy.standard();

        assertThat(policy.bytes(StandbyThresholds.REPLAY_LAG)).isEqualTo(16 << 20);
        assertThat(policy.with("replay_lag", "0B").bytes(StandbyThresholds.REPLAY_LAG))
                .isZero();
        assertThat(policy.duration(StandbyThresholds.REPLAY_DELAY)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aFileMovesThresholdsAndLeavesOutChecks() {
        Policy policy = read("""
                understudy-policy: 1
                thresholds:
                  replay_lag: 64MB
                  replay_delay: 1min
                skip: [corruption]
                """);

        assertThat(policy.bytes(StandbyThresholds.REPLAY_LAG)).isEqualTo(64 << 20);
        assertThat(policy.duration(StandbyThresholds.REPLAY_DELAY)).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.skips("corruption")).isTrue();
        assertThat(policy.skips("wal-intact")).isFalse();
    }

    @Test
    void allThatIsWrongWithAFileIsSaidAtOnceWithLineAndColumn() {
        assertThatThrownBy(() -> read("""
                understudy-policy: 2
                thresholds:
                  replay_lags: 64MB
                  replay_delay: 2h
                skip: [corruptions]
                more: 1
                """)).isInstanceOfSatisfying(UnderstudyException.class, error -> {
            assertThat(error.message())
                    .isEqualTo("policy.yaml:1:20: understudy-policy: \"2\" is not valid, expected 1");
            assertThat(error.detail().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("policy.yaml:3:3: unknown key \"replay_lags\" (did you mean"
                                            + " \"replay_lag\"?) in thresholds, expected one of: "),
                            line -> assertThat(line)
                                    .isEqualTo("policy.yaml:4:17: thresholds.replay_delay: \"2h\" is not valid,"
                                            + " expected a duration from 100ms to 1h with its unit (ms, s, min"
                                            + " or m, h, d), such as 10s"),
                            line -> assertThat(line)
                                    .isEqualTo("policy.yaml:5:8: unknown word \"corruptions\" (did you mean"
                                            + " \"corruption\"?) in skip, expected one of: corruption, wal-intact"),
                            line -> assertThat(line)
                                    .isEqualTo("policy.yaml:6:1: unknown key \"more\" in the policy, expected one"
                                            + " of: understudy-policy, thresholds, skip"));
        });
    }

    @Test
    void aFileWithoutAVersionIsNoPolicy() {
        assertThatThrownBy(() -> read("skip: []\n"))
                .hasMessageContaining(
                        "policy.yaml:1:1: the policy has no \"understudy-policy\", expected \"understudy-policy: 1\"");
        assertThatThrownBy(() -> read(""))
                .hasMessageContaining("policy.yaml:1:1: the policy is empty, expected its keys");
    }

    @Test
    void aThresholdOnTheCommandLineIsCheckedToo() {
        assertThatThrownBy(() -> Policy.standard().with("lag", "1MB"))
                .hasMessageContaining("unknown threshold \"lag\"");
        assertThatThrownBy(() -> Policy.standard().with("replay_lag", "1"))
                .hasMessageContaining("replay_lag: \"1\" is not valid, expected a size with its unit");
    }
}
