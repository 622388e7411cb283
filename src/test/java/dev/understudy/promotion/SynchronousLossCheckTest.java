package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would be lost, by what commits wait for. */
final class SynchronousLossCheckTest {
    private static final String VIEW = "/servers/primary/value/view";
    private static final String NAMES =
            "{\"name\": \"synchronous_standby_names\", \"value\": \"%s\", \"unit\": \"\", \"type\": \"string\","
                    + " \"context\": \"sighup\", \"source\": \"configuration file\", \"bootValue\": \"\","
                    + " \"sourceFile\": null, \"sourceLine\": \"\", \"pendingRestart\": false}";

    private static SampleCandidate candidate(String names, String level, String state, long missing) {
        return SampleCandidate.healthy()
                .known(
                        "/stream/catchUp",
                        ("{\"target\": \"0/%X\", \"ofPrimary\": true, \"received\": \"0/3000000\", \"replayed\": \"0/3000000\","
                                        + " \"took\": \"PT0.1S\", \"patience\": \"PT10S\", \"paused\": false, \"end\": \"0/3000000\"}")
                                .formatted(0x3000000 + missing))
                .set(VIEW + "/settings/value/synchronous_standby_names", NAMES.formatted(names))
                .set(VIEW + "/senders/value/0/syncState", "\"" + state + "\"")
                .there("synchronous_commit", level);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "remote_apply|PASS|The primary reports a commit when this standby has replayed it"
                        + " (synchronous_commit = remote_apply): nothing that was reported is lost",
                "on|PASS|The primary reports a commit when this standby has flushed it"
                        + " (synchronous_commit = on): nothing that was reported is lost",
                "remote_write|PASS|The primary reports a commit when this standby has written it, flushed or not"
                        + " (synchronous_commit = remote_write): nothing that was reported is lost, unless this standby's"
                        + " machine crashes as well",
                "local|WARN|synchronous_standby_names is set, yet commits are reported when the primary alone has flushed it"
                        + " (synchronous_commit = local); 96 bytes of WAL would be lost now",
                "off|WARN|synchronous_standby_names is set, yet commits are reported before anybody has flushed it"
                        + " (synchronous_commit = off); 96 bytes of WAL would be lost now",
            })
    void whatCommitsWaitForDecidesWhatIsLost(String level, Result result, String summary) {
        CheckResult found = candidate("*", level, "sync", 96).check("synchronous-loss");

        assertThat(found.result()).isEqualTo(result);
        assertThat(found.summary()).isEqualTo(summary);
    }

    @Test
    void commitsThatWaitForAnotherStandbyAreLostHere() {
        assertThat(candidate("other", "on", "async", 96)
                        .check("synchronous-loss")
                        .summary())
                .isEqualTo("Commits are synchronous, but not with this standby, which lacks 96 bytes of WAL");
        assertThat(candidate("other", "on", "async", 96)
                        .check("synchronous-loss")
                        .result())
                .isEqualTo(Result.FAIL);
        assertThat(candidate("other", "on", "async", 0)
                        .check("synchronous-loss")
                        .result())
                .isEqualTo(Result.WARN);
    }

    @Test
    void rolesThatCommitOtherwiseAreNamed() {
        CheckResult found = candidate("*", "on", "quorum", 0)
                .known("/stream/commitOverrides", "[\"role \\\"loader\\\": synchronous_commit=off\"]")
                .check("synchronous-loss");

        assertThat(found.result()).isEqualTo(Result.PASS);
        assertThat(found.evidence())
                .anySatisfy(sign -> assertThat(sign.detail()).isEqualTo("role \"loader\": synchronous_commit=off"));
    }
}
