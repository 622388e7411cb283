package dev.understudy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every host does with commands, wherever it is. The host under test is always this machine in the end. */
abstract class HostContract {
    @TempDir
    protected Path directory;

    /** The host under test, acting as the account that runs the test. */
    protected abstract Host host();

    static void assertFails(ErrorCode code, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        e -> assertThat(e.code()).as(e.describe()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two words",
                "it's",
                "\"",
                "a\nb\n",
                "\\",
                "\\n\\101%s%%",
                "$HOME `id` $(id)",
                "!!",
                "*",
                "-n",
                "--",
                "äöü",
                "日本語",
                "🐘",
                "\u0001\u007f\t\r",
                "a;b&c|d>e<f",
                "~",
                "{a,b}",
                "#x"
            })
    void argumentsArriveByteForByte(String argument) {
        CommandResult result = host().run(Command.of("printf", "[%s]", argument));

        assertThat(new String(result.output(), StandardCharsets.UTF_8)).isEqualTo("[" + argument + "]");
        assertThat(result.status()).isZero();
    }

    @Test
    void environmentAndDirectoryAreSet() {
        CommandResult result = host().run(Command.shell("printf '%s|' \"$A\" \"$B\"; pwd -P")
                .withEnvironment("A", "it's $x")
                .withEnvironment("B", "ä\nb")
                .withDirectory(directory.toString()));

        assertThat(result.text()).isEqualTo("it's $x|ä\nb|" + directory);
    }

    @Test
    void statusAndStandardErrorAreTold() {
        CommandResult result = host().run(Command.shell("echo out; echo err >&2; exit 7"));

        assertThat(result.status()).isEqualTo(7);
        assertThat(result.text()).isEqualTo("out");
        assertThat(result.error()).isEqualTo("err\n");
        assertThatThrownBy(result::orThrow).hasMessageContaining("ended with status 7");
    }

    @Test
    void signalsAreTold() {
        assertThat(host().run(Command.shell("kill -TERM $$")).status()).isEqualTo(128 + 15);
    }

    @Test
    void missingProgramIsStatus127() {
        CommandResult result = host().run(Command.of("no-such-program-here"));

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.error()).contains("not found");
    }

    @Test
    void inputReachesTheCommandWithEndOfFile() {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        assertThat(host().run(Command.of("cat").withInput(bytes)).output()).isEqualTo(bytes);
        assertThat(host().run(Command.of("cat")).output()).isEmpty();
    }

    @Test
    void inputThatNobodyReadsDoesNoHarm() {
        assertThat(host().run(Command.of("true").withInput(new byte[3_000_000])).status())
                .isZero();
    }

    @Test
    void moreOutputThanFitsIsAnError() {
        assertFails(
                ErrorCode.COMMAND_OUTPUT_TOO_LARGE,
                () -> host().run(Command.of("head", "-c", Integer.toString((16 << 20) + 1), "/dev/zero")));
        assertThat(host().run(Command.of("head", "-c", Integer.toString(16 << 20), "/dev/zero"))
                        .output())
                .hasSize(16 << 20);
    }

    @Test
    void muchStandardErrorKeepsItsEnd() {
        CommandResult result = host().run(Command.shell("head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2"));

        assertThat(result.error()).hasSize(64 << 10).endsWith("xend\n");
    }

    @Test
    void outputIsPushedAsItComes() {
        long[] count = new long[1];
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                count[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                count[0] += length;
            }
        };
        CommandResult result = host().run(Command.of("head", "-c", "100000000", "/dev/zero"), counter);

        assertThat(count[0]).isEqualTo(100_000_000);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void failureOfWhatTakesTheOutputEndsTheCommand() {
        OutputStream refusing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertFails(
                ErrorCode.FILE_SYSTEM_FULL,
                () -> host().run(Command.of("cat", "/dev/zero").withLimit(Duration.ofSeconds(20)), refusing));
        assertThat(host().run(Command.of("echo", "still here")).text()).isEqualTo("still here");
    }

    @Test
    void theLimitKillsChildrenToo() {
        Path pid = directory.resolve("pid");
        long start = System.nanoTime();
        Command command = Command.shell("sleep 1000 & echo $! >\"$1\"; echo waiting >&2; wait", pid.toString())
                .withLimit(Duration.ofMillis(800));

        assertThatThrownBy(() -> host().run(command)).isInstanceOfSatisfying(UnderstudyException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.COMMAND_TIMED_OUT);
            assertThat(e.message()).contains("was killed after 800 ms");
            assertThat(e.detail()).isEqualTo("waiting");
        });
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> isGone(Files.readString(pid)));
    }

    @Test
    void whatACommandLeavesInTheBackgroundLives() throws IOException {
        long start = System.nanoTime();
        CommandResult result = host().run(Command.shell("sleep 30 & echo $!"));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(isGone(result.text())).isFalse();
        ProcessHandle.of(Long.parseLong(result.text())).ifPresent(ProcessHandle::destroyForcibly);
    }

    static boolean isGone(String pid) throws IOException {
        Path status = Path.of("/proc", pid.strip(), "stat");
        return !Files.exists(status) || Files.readString(status).contains(") Z ");
    }

    @Test
    void aRunningCommandIsTalkedWith() throws IOException {
        try (RunningCommand cat = host().start(Command.of("cat"))) {
            cat.input().write("one\n".getBytes(StandardCharsets.UTF_8));
            cat.input().flush();
            assertThat(cat.output().readNBytes(4)).isEqualTo("one\n".getBytes(StandardCharsets.UTF_8));
            assertThat(cat.isRunning()).isTrue();
            cat.input().close();
            assertThat(cat.output().readAllBytes()).isEmpty();
            assertThat(cat.await(Duration.ofSeconds(10)).status()).isZero();
            assertThat(cat.isRunning()).isFalse();
        }
    }

    @Test
    void closingARunningCommandKillsIt() throws IOException {
        String pid;
        try (RunningCommand sleep = host().start(Command.shell("echo $$; exec sleep 1000"))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = sleep.output().read(); b != '\n'; b = sleep.output().read()) {
                line.write(b);
            }
            pid = line.toString(StandardCharsets.US_ASCII);
        }
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> isGone(pid));
    }

    @Test
    void waitingForARunningCommandHasALimit() {
        try (RunningCommand sleep = host().start(Command.of("sleep", "1000"))) {
            assertFails(ErrorCode.COMMAND_TIMED_OUT, () -> sleep.await(Duration.ofMillis(300)));
        }
    }

    @Test
    void wordsThatNoProgramCanTakeAreRefused() {
        assertFails(ErrorCode.VALUE_INVALID, () -> host().run(Command.of("echo", "a\0b")));
        assertFails(ErrorCode.VALUE_INVALID, () -> host().run(Command.of("env").withEnvironment("a b", "c")));
    }

    @Test
    void accountsAreFound() {
        assertThat(host().findAccount("root"))
                .hasValueSatisfying(root -> assertThat(root.isRoot()).isTrue());
        assertThat(host().findAccount("no-such-account-here")).isEmpty();
        assertThat(host().findAccount("-x")).isEmpty();
        assertThat(host().run(Command.of("id", "-u")).text())
                .isEqualTo(Integer.toString(host().account().uid()));
    }

    @Test
    void manyThreadsShareAHost() {
        Host host = host();
        assertThat(java.util.stream.IntStream.range(0, 60)
                        .parallel()
                        .mapToObj(i -> host.run(Command.of("echo", "" + i)).text())
                        .sorted()
                        .toList())
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
