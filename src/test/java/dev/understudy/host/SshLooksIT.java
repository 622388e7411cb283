package dev.understudy.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.error.ErrorCode;
import dev.understudy.host.open.Hosts;
import dev.understudy.testing.SshServer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks run in a shell that stays; nobody may notice but by the time they take. */
final class SshLooksIT extends HostContract {
    private static SshServer server;
    private static SshServer narrow;
    private static Host host;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path second) {
        server = SshServer.start(directory);
        narrow = SshServer.start(second, "MaxSessions 1");
        host = Hosts.open(server.address(), server.options());
    }

    @AfterAll
    static void stop() {
        if (narrow != null) {
            host.close();
            server.close();
            narrow.close();
        }
    }

    /** The host, with every command that reads no input as a look. */
    @Override
    protected Host host() {
        return looking(host);
    }

    private static Host looking(Host real) {
        return (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("run")
                            && arguments[0] instanceof Command command
                            && command.input().length == 0) {
                        arguments[0] = command.asLook();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static String shell(Host looking) {
        return looking.run(Command.shell("echo $PPID")).text();
    }

    /** What marks a look's end takes a little of the room. */
    @Test
    @Override
    void muchStandardErrorKeepsItsEnd() {
        String error = host().run(Command.shell("yes | head -c 200000 >&2; echo end >&2"))
                .error();
        assertThat(error).endsWith("y\nend\n").hasSizeBetween(65_000, 65_536);
    }

    @Test
    void looksShareAShell() {
        try (Host own = Hosts.open(server.address(), server.options())) {
            assertThat(shell(looking(own))).isEqualTo(shell(looking(own)));
        }
    }

    @Test
    void oneLookChangesNothingForTheNext() {
        Host looking = host();
        assertThat(looking.run(Command.shell("cd /; umask 077; export CHANGED=1; exit 3"))
                        .status())
                .isEqualTo(3);
        assertThat(looking.run(Command.shell("printf '%s ' \"$CHANGED\" $(umask); pwd")
                                .withDirectory("/tmp"))
                        .text())
                .doesNotContain("1 ", "0077")
                .endsWith("/tmp");
    }

    @Test
    void aLookReadsNothing() {
        assertThat(host().run(Command.of("cat")).text()).isEmpty();
    }

    @Test
    void anyBytesComeWhole() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        CommandResult result = host().run(
                        Command.shell("head -c 3000000 /dev/zero; printf '\\n0\\n 0\\n'; echo lost >&2; exit 7"),
                        output);
        assertThat(result.status()).isEqualTo(7);
        assertThat(result.error()).isEqualTo("lost\n");
        assertThat(output.size()).isEqualTo(3_000_006);
        assertThat(output.toString(StandardCharsets.ISO_8859_1)).endsWith("\0\n0\n 0\n");
    }

    @Test
    void aSlowLookDoesNotHoldUpOthersForLong() throws InterruptedException {
        Host looking = host();
        Thread slow = new Thread(() -> {
            try {
                looking.run(Command.shell("exec sleep 300").withLimit(Duration.ofMinutes(2)));
            } catch (dev.understudy.error.UnderstudyException interrupted) {
                assertThat(interrupted.code()).isEqualTo(ErrorCode.COMMAND_INTERRUPTED);
            }
        });
        slow.start();
        assertThat(looking.run(Command.of("echo", "quick").withLimit(Duration.ofSeconds(60)))
                        .text())
                .isEqualTo("quick");
        slow.interrupt();
        slow.join();
    }

    @Test
    void aShellThatEndedIsReplaced() {
        try (Host own = Hosts.open(server.address(), server.options())) {
            Host looking = looking(own);
            String first = shell(looking);
            own.run(Command.shell("kill -s KILL \"$1\"; while kill -0 \"$1\" 2>/dev/null; do :; done", first));
            assertThat(shell(looking)).isNotEqualTo(first);
        }
    }

    @Test
    void aServerThatAllowsOneSessionIsEnough() {
        try (Host own = Hosts.open(narrow.address(), narrow.options())) {
            for (int turn = 0; turn < 2; turn++) {
                assertThat(looking(own).run(Command.of("echo", "look")).text()).isEqualTo("look");
                assertThat(own.run(Command.of("echo", "command")).text()).isEqualTo("command");
            }
        }
    }

    @Test
    void whatTakesTheOutputMayFail() {
        OutputStream refusing = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("no more");
            }
        };
        Host looking = host();
        assertFails(ErrorCode.DEFECT, () -> looking.run(Command.of("yes"), refusing));
        assertThat(looking.run(Command.of("echo", "again")).text()).isEqualTo("again");
    }
}
