package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's exit codes where no server is needed for them. */
final class PromotionCheckCommandTest {
    private static final String NOBODY = "host=127.0.0.1 port=1 user=u password=hunter2 connect_timeout=2";

    @TempDir
    private Path temporary;

    @Test
    void aStandbyThatDoesNotAnswerIsNoGoAndItsPasswordIsNowhere() throws IOException {
        Path facts = temporary.resolve("facts.json");
        Captured run = Captured.run("promotion", "check", "--standby", NOBODY, "--collect", facts.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("No-go: 1 failed")
                .contains("fail: The standby does not answer queries.\n  in-recovery\n")
                .doesNotContain("hunter2");
        assertThat(Files.readString(facts)).doesNotContain("hunter2");

        Captured again = Captured.run("promotion", "check", "--from", facts.toString());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).isEqualTo(run.out());
    }

    @Test
    void monitoringGetsAPluginsStatus() {
        Captured silent = Captured.run("promotion", "check", "--standby", NOBODY, "--nagios");
        assertThat(silent.status()).isEqualTo(2);
        assertThat(silent.out())
                .startsWith("PROMOTION CRITICAL - no-go: 1 failed")
                .hasLineCount(1);

        Captured unknown = Captured.run("promotion", "check", "--standby", NOBODY, "--nagios", "-e", "no_such=1");
        assertThat(unknown.status()).isEqualTo(3);
        assertThat(unknown.out()).isEqualTo("PROMOTION UNKNOWN - unknown threshold \"no_such\"\n");
    }

    @Test
    void nothingToCheckAndAPolicyThatCannotBeReadAreUsageErrors() throws IOException {
        assertThat(Captured.run("promotion", "check").status()).isEqualTo(2);
        Path policy = Files.writeString(temporary.resolve("policy.yaml"), "understudy-policy: 1\nskip: [no-such]\n");
        Captured run = Captured.run("promotion", "check", "--standby", NOBODY, "--policy", policy.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("policy.yaml:2:8: unknown word \"no-such\" in skip, expected one of: consistency-reached");
    }

    @Test
    void aCheckThatThePolicyLeavesOutSaysSoAndOneCannotBeLeftOut() throws IOException {
        Path policy = Files.writeString(temporary.resolve("policy.yaml"), "understudy-policy: 1\nskip: [wal-intact]\n");
        Captured run = Captured.run("promotion", "check", "--standby", NOBODY, "--policy", policy.toString());
        assertThat(run.out()).contains("  wal-intact  left out by the policy\n");

        Files.writeString(policy, "understudy-policy: 1\nskip: [in-recovery]\n");
        assertThat(Captured.run("promotion", "check", "--standby", NOBODY, "--policy", policy.toString())
                        .status())
                .isEqualTo(2);
    }
}
