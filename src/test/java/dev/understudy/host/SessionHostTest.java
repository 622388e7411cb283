package dev.understudy.host;

import static dev.understudy.host.HostContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.posix.SessionHost;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that share a shell know nothing of each other, and are told apart whatever they print. */
final class SessionHostTest {
    @TempDir
    private Path directory;

    private final SessionHost host = new SessionHost(Hosts.local());

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void commandsShareAShellAndNothingElse() {
        host.run(Command.shell("cd /tmp; A=1; export A; exec 3>&-; exit 3"));

        CommandResult result =
                host.run(Command.shell("printf '%s|' \"${A-none}\"; pwd -P").withDirectory("/usr"));

        assertThat(result.text()).isEqualTo("none|/usr");
        assertThat(host.run(Command.shell("echo \"$PPID\"")).text())
                .isNotEmpty()
                .isNotEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void statusOutputAndErrorsAreTheCommandsOwn() {
        CommandResult failed = host.run(Command.shell("echo out; echo err >&2; exit 7"));
        CommandResult killed = host.run(Command.shell("kill -TERM $$"));
        CommandResult missing = host.run(Command.of("no-such-program-here"));
        CommandResult fine = host.run(Command.of("echo", "fine"));

        assertThat(failed.status()).isEqualTo(7);
        assertThat(failed.text()).isEqualTo("out");
        assertThat(failed.error()).isEqualTo("err\n");
        assertThat(killed.status()).isEqualTo(128 + 15);
        assertThat(missing.status()).isEqualTo(127);
        assertThat(missing.error()).contains("not found");
        assertThat(fine.status()).isZero();
        assertThat(fine.text()).isEqualTo("fine");
        assertThat(fine.error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "it's", "a\nb\n", "\\", "$HOME `id`", "-n", "äöü🐘", "\u0001\t\r", ")", "}", "#x", "EOF"})
    void argumentsArriveByteForByte(String argument) {
        CommandResult result = host.run(Command.of("printf", "[%s]", argument));

        assertThat(new String(result.output(), StandardCharsets.UTF_8)).isEqualTo("[" + argument + "]");
    }

    @Test
    void anyBytesPassHoweverMany() {
        long seed = new Random().nextLong();
        byte[] bytes = new byte[(3 << 20) + 17];
        new Random(seed).nextBytes(bytes);
        Path file = directory.resolve("bytes");
        host.files().writeAtomically(file.toString(), bytes, 0600);

        assertThat(host.run(Command.of("cat", file.toString())).output())
                .as("seed %d", seed)
                .isEqualTo(bytes);
        assertThat(host.run(Command.of("head", "-c", "1", file.toString())).output())
                .containsExactly(bytes[0]);
    }

    @Test
    void aCommandWithInputGetsIt() {
        assertThat(host.run(Command.of("cat").withInput(new byte[] {1, 2})).output())
                .containsExactly(1, 2);
        assertThat(host.run(Command.of("cat")).output()).isEmpty();
    }

    @Test
    void muchStandardErrorKeepsItsEnd() {
        CommandResult result = host.run(Command.shell("head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2"));

        assertThat(result.error().length()).isBetween(64 << 10, (64 << 10) + 1);
        assertThat(result.error()).endsWith("xend\n");
    }

    @Test
    void theLimitEndsACommandAndTheNextOneRuns() {
        assertFails(
                ErrorCode.COMMAND_TIMED_OUT,
                () -> host.run(Command.of("sleep", "1000").withLimit(Duration.ofMillis(300))));

        assertThat(host.run(Command.of("echo", "still here")).text()).isEqualTo("still here");
    }

    @Test
    void outputThatIsNotTakenIsAnErrorAndTheNextCommandRuns() {
        ByteArrayOutputStream full = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                throw new IllegalStateException("full");
            }
        };

        assertThatThrownBy(() -> host.run(Command.of("cat", "/dev/zero").withLimit(Duration.ofSeconds(20)), full))
                .hasMessageContaining("full");
        assertFails(
                ErrorCode.COMMAND_OUTPUT_TOO_LARGE,
                () -> host.run(Command.of("head", "-c", Integer.toString((16 << 20) + 1), "/dev/zero")));
        assertThat(host.run(Command.of("echo", "still here")).text()).isEqualTo("still here");
    }

    @Test
    void aShellThatIsGoneIsAnErrorAndTheNextCommandGetsItsOwn() {
        assertFails(ErrorCode.COMMAND_FAILED, () -> host.run(Command.shell("kill -KILL \"$PPID\"; sleep 1000")));

        assertThat(host.run(Command.of("echo", "still here")).text()).isEqualTo("still here");
    }
}
