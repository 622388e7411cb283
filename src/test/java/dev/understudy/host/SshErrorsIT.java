package dev.understudy.host;

import static dev.understudy.host.HostContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.ssh.SshOptions;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TcpProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong over SSH, against a real server: keys, agents, jumps, and networks that are lost. */
final class SshErrorsIT {
    private static SshServer server;

    @TempDir
    Path directory;

    @BeforeAll
    static void start(@TempDir Path files) {
        server = SshServer.start(files);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private SshOptions options(String... lines) throws IOException {
        Path config = Files.write(directory.resolve("config"), List.of(lines));
        return new SshOptions(directory, List.of(config, server.config()), Optional.empty());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static void assertWorks(String address, SshOptions options) {
        try (Host host = Hosts.open(address, options)) {
            assertThat(host.run(Command.of("echo", "hello")).text()).isEqualTo("hello");
        }
    }

    @Test
    void anUnknownHostKeyIsRefusedWithItsFingerprint() throws IOException {
        Path empty = file("known_hosts", "");
        String fingerprint = SshServer.run(List.of(
                        "ssh-keygen",
                        "-l",
                        "-f",
                        server.knownHosts().resolveSibling("host_ed25519.pub").toString()))
                .split(" ", -1)[1];
        SshOptions options = options("StrictHostKeyChecking no", "UserKnownHostsFile " + empty);

        assertThatThrownBy(() -> Hosts.open(server.address(), options))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SSH_HOST_KEY_UNKNOWN);
                    assertThat(e.detail()).isEqualTo("The host shows ssh-ed25519 %s.", fingerprint);
                    assertThat(e.hints())
                            .anySatisfy(hint -> assertThat(hint)
                                    .contains("ssh-keyscan -p " + server.port() + " 127.0.0.1 >> " + empty));
                });
        assertThat(empty).isEmptyFile();
    }

    @Test
    void aChangedHostKeyIsRefusedLoudly() throws IOException {
        SshServer.generateKey(directory.resolve("other"), "ed25519");
        String other = Files.readString(directory.resolve("other.pub"));
        Path known = file("known_hosts", "[127.0.0.1]:" + server.port() + " " + other);

        assertThatThrownBy(() -> Hosts.open(server.address(), options("UserKnownHostsFile " + known)))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SSH_HOST_KEY_CHANGED);
                    assertThat(e.message()).contains("HAS CHANGED");
                    assertThat(e.hints().get(1)).contains("ssh-keygen -R").contains("[127.0.0.1]:" + server.port());
                });
    }

    @Test
    void aKeyOfAnotherTypeIsAChangeToo() throws IOException {
        SshServer.generateKey(directory.resolve("other"), "ecdsa");
        Path known = file(
                "known_hosts", "[127.0.0.1]:" + server.port() + " " + Files.readString(directory.resolve("other.pub")));

        assertFails(
                ErrorCode.SSH_HOST_KEY_CHANGED,
                () -> Hosts.open(server.address(), options("UserKnownHostsFile " + known)));
    }

    @Test
    void theKnownTypeOfSeveralIsAskedFor(@TempDir Path files) throws IOException {
        SshServer.generateKey(directory.resolve("host_ecdsa"), "ecdsa");
        try (SshServer two = SshServer.start(files, "HostKey " + directory.resolve("host_ecdsa"))) {
            assertWorks(two.address(), two.options());
            String[] ecdsa =
                    Files.readString(directory.resolve("host_ecdsa.pub")).split(" ", -1);
            Files.writeString(two.knownHosts(), "[127.0.0.1]:" + two.port() + " " + ecdsa[0] + " " + ecdsa[1] + "\n");
            assertWorks(two.address(), two.options());
        }
    }

    @Test
    void hashedHostNamesAreFound() throws IOException {
        Path known = file("known_hosts", server.knownHostsLine("[127.0.0.1]:" + server.port()));
        SshServer.run(List.of("ssh-keygen", "-H", "-f", known.toString()));

        assertThat(known).content().startsWith("|1|");
        assertWorks(server.address(), options("UserKnownHostsFile " + known));
    }

    @Test
    void aWrongKeyIsRefusedAndNamed() throws IOException {
        SshServer.generateKey(directory.resolve("stranger"), "ed25519");
        SshOptions options = options("IdentityFile " + directory.resolve("stranger"), "Host nothing");

        assertThatThrownBy(() -> Hosts.open(
                        server.address(), new SshOptions(directory, List.of(onlyStranger()), options.agentSocket())))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SSH_AUTHENTICATION_FAILED);
                    assertThat(e.detail()).contains("stranger (ssh-ed25519)").contains("There is no agent.");
                });
    }

    private Path onlyStranger() throws IOException {
        return file(
                "only",
                "IdentityFile %s\nUserKnownHostsFile %s\n"
                        .formatted(directory.resolve("stranger"), server.knownHosts()));
    }

    @Test
    void withoutAnyKeyTheErrorSaysSo() throws IOException {
        Path config = file("none", "IdentityFile none\nUserKnownHostsFile %s\n".formatted(server.knownHosts()));
        SshOptions options = new SshOptions(directory, List.of(config), Optional.of(directory.resolve("no-agent")));

        assertThatThrownBy(() -> Hosts.open(server.address(), options))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SSH_AUTHENTICATION_FAILED);
                    assertThat(e.detail()).startsWith("There was no key to offer. The agent at");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void everyTypeOfKeyLogsIn(String type) throws IOException {
        Path key = directory.resolve("key_" + type);
        SshServer.generateKey(key, type);
        SshServer.authorize(server.knownHosts().getParent(), directory.resolve("key_" + type + ".pub"));
        Path config =
                file("config_" + type, "IdentityFile %s\nUserKnownHostsFile %s\n".formatted(key, server.knownHosts()));

        assertWorks(server.address(), new SshOptions(directory, List.of(config), Optional.empty()));
    }

    @Test
    void aKeyWithAPassphraseNeedsTheAgent() throws IOException {
        Path key = directory.resolve("locked");
        SshServer.generateKey(key, "ed25519", "-N", "secret phrase");
        SshServer.authorize(server.knownHosts().getParent(), directory.resolve("locked.pub"));
        Path config =
                file("config_locked", "IdentityFile %s\nUserKnownHostsFile %s\n".formatted(key, server.knownHosts()));

        assertThatThrownBy(() ->
                        Hosts.open(server.address(), new SshOptions(directory, List.of(config), Optional.empty())))
                .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SSH_AUTHENTICATION_FAILED);
                    assertThat(e.detail()).contains("has a passphrase");
                    assertThat(e.hints()).contains("Put the key into the agent with: ssh-add " + key);
                });

        Path socket = directory.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(socket));
            Path askpass = file("askpass", "#!/bin/sh\necho secret phrase\n");
            assertThat(askpass.toFile().setExecutable(true)).isTrue();
            SshServer.run(List.of(
                    "env",
                    "SSH_AUTH_SOCK=" + socket,
                    "SSH_ASKPASS=" + askpass,
                    "SSH_ASKPASS_REQUIRE=force",
                    "DISPLAY=:0",
                    "ssh-add",
                    "-q",
                    key.toString()));
            assertWorks(server.address(), new SshOptions(directory, List.of(config), Optional.of(socket)));
            Path agentOnly =
                    file("config_agent", "IdentityFile none\nUserKnownHostsFile %s\n".formatted(server.knownHosts()));
            assertWorks(server.address(), new SshOptions(directory, List.of(agentOnly), Optional.of(socket)));
        } finally {
            agent.destroy();
        }
    }

    @Test
    void jumpsThroughSeveralHosts(@TempDir Path files) throws IOException {
        try (SshServer jump = SshServer.start(files)) {
            Path known = file(
                    "known_hosts",
                    Files.readString(server.knownHosts())
                            + Files.readString(jump.knownHosts())
                            + jump.knownHostsLine("second"));
            SshServer.authorize(files, server.clientKey().resolveSibling("client.pub"));
            SshOptions options = options(
                    "Host first second",
                    "    HostName 127.0.0.1",
                    "    Port " + jump.port(),
                    "Host second",
                    "    HostKeyAlias second",
                    "Host target",
                    "    HostName 127.0.0.1",
                    "    Port " + server.port(),
                    "    ProxyJump first,second",
                    "Host *",
                    "    UserKnownHostsFile " + known);

            try (Host host = Hosts.open("ssh://target", options)) {
                assertThat(host.run(Command.of("head", "-c", "10000000", "/dev/zero"))
                                .output())
                        .hasSize(10_000_000);
                assertThat(host.files().readTail("/etc/passwd", 1)).isEqualTo(new byte[] {'\n'});
            }
            assertThat(jump.log()).contains("Accepted publickey");
        }
    }

    @Test
    void jumpsInCirclesAreRefused() throws IOException {
        SshOptions options = options("Host a", "  ProxyJump b", "Host b", "  ProxyJump a");
        assertFails(ErrorCode.SSH_CONFIGURATION_INVALID, () -> Hosts.open("ssh://a", options));
        assertFails(
                ErrorCode.SSH_CONFIGURATION_INVALID,
                () -> Hosts.open("ssh://c", options("Host c", "  ProxyCommand nc %h %p")));
    }

    @Test
    void nobodyThereIsUnreachable() throws IOException {
        int port = SshServer.freePort();
        assertFails(ErrorCode.HOST_UNREACHABLE, () -> Hosts.open("ssh://127.0.0.1:" + port, server.options()));
        assertFails(ErrorCode.HOST_UNREACHABLE, () -> Hosts.open("ssh://no-such-host.invalid", server.options()));
    }

    @Test
    void aServerThatSaysNothingIsUnreachable() throws IOException {
        try (TcpProxy proxy = server.proxy()) {
            proxy.stall();
            SshOptions options = options("ConnectTimeout 2", "UserKnownHostsFile " + server.knownHosts());
            long start = System.nanoTime();
            assertFails(ErrorCode.HOST_UNREACHABLE, () -> Hosts.open(server.address(proxy.port()), options));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aCutConnectionIsNoticedAndMadeAnewForTheNextCommand() {
        try (TcpProxy proxy = server.proxy();
                Host host = Hosts.open(server.address(proxy.port()), server.options())) {
            CompletableFuture<Void> command = CompletableFuture.runAsync(() -> assertFails(
                    ErrorCode.HOST_UNREACHABLE,
                    () -> host.run(Command.of("sleep", "60").withLimit(Duration.ofMinutes(2)))));
            proxy.awaitMoved();
            proxy.cut();
            assertThat(command).succeedsWithin(Duration.ofSeconds(10));
            assertThat(host.run(Command.of("echo", "again")).text()).isEqualTo("again");
        }
    }

    @Test
    void aStreamThatIsCutIsNeverTakenForWhole() {
        try (TcpProxy proxy = server.proxy();
                Host host = Hosts.open(server.address(proxy.port()), server.options())) {
            AtomicLong count = new AtomicLong();
            OutputStream cutting = new OutputStream() {
                @Override
                public void write(int b) {
                    count.incrementAndGet();
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    if (count.addAndGet(length) > 5_000_000) {
                        proxy.cut();
                    }
                }
            };
            assertFails(
                    ErrorCode.HOST_UNREACHABLE,
                    () -> host.run(Command.of("head", "-c", "2000000000", "/dev/zero"), cutting));
            try (RunningCommand running = host.start(Command.of("cat", "/dev/zero"))) {
                assertThat(running.output().read()).isZero();
                proxy.cut();
                assertThatThrownBy(() -> running.output().transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("connection was lost");
                assertFails(ErrorCode.HOST_UNREACHABLE, () -> running.await(Duration.ofSeconds(10)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aSilentNetworkIsNoticedWithinTenSeconds() {
        try (TcpProxy proxy = server.proxy();
                Host host = Hosts.open(server.address(proxy.port()), server.options())) {
            CompletableFuture<Void> command = CompletableFuture.runAsync(() -> assertFails(
                    ErrorCode.HOST_UNREACHABLE,
                    () -> host.run(Command.of("sleep", "60").withLimit(Duration.ofMinutes(2)))));
            proxy.awaitMoved();
            proxy.stall();
            assertThat(command).succeedsWithin(Duration.ofSeconds(12));
            proxy.resume();
            assertThat(host.run(Command.of("echo", "again")).text()).isEqualTo("again");
        }
    }

    @Test
    void aSilentNetworkIsNoticedWhileSending() {
        try (TcpProxy proxy = server.proxy();
                Host host = Hosts.open(server.address(proxy.port()), server.options())) {
            long before = proxy.moved();
            CompletableFuture<Void> command = CompletableFuture.runAsync(() -> assertFails(
                    ErrorCode.HOST_UNREACHABLE,
                    () -> host.files().writeAtomically(directory + "/sent", new byte[300_000_000], 0600)));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> proxy.moved() > before + 5_000_000);
            proxy.stall();
            assertThat(command).succeedsWithin(Duration.ofSeconds(12));
            proxy.resume();
            assertThat(host.files().status(directory + "/sent")).isEmpty();
        }
    }

    @Test
    void aSlowConsumerIsNotTakenForASilentNetwork() {
        SshOptions options = quickOptions();
        try (Host host = Hosts.open(server.address(), options)) {
            long[] count = new long[1];
            OutputStream slow = new OutputStream() {
                @Override
                public void write(int b) {
                    count[0]++;
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    if (count[0] == 0) {
                        Awaitility.await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
                    }
                    count[0] += length;
                }
            };
            assertThat(host.run(Command.of("head", "-c", "20000000", "/dev/zero"), slow)
                            .status())
                    .isZero();
            assertThat(count[0]).isEqualTo(20_000_000);
        }
    }

    private SshOptions quickOptions() {
        try {
            return options("ServerAliveInterval 1", "ServerAliveCountMax 2");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anIdleConnectionThatDiedIsMadeAnew() {
        try (Host host = Hosts.open(server.address(), server.options())) {
            server.dropSessions();
            assertThat(host.run(Command.of("echo", "again")).text()).isEqualTo("again");
        }
    }

    @Test
    void anotherConnectionIsSeparate() {
        try (Host host = Hosts.open(server.address(), server.options());
                Host other = host.another()) {
            host.close();
            assertThat(other.run(Command.of("echo", "other")).text()).isEqualTo("other");
            assertFails(ErrorCode.HOST_UNREACHABLE, () -> host.run(Command.of("true")));
        }
    }

    @Test
    void aNoisyLogInShellIsRefusedWithWhatItSaid(@TempDir Path files) {
        try (SshServer noisy = SshServer.start(files, "ForceCommand echo Welcome")) {
            assertThatThrownBy(() -> Hosts.open(noisy.address(), noisy.options()))
                    .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.SSH_SHELL_UNUSABLE);
                        assertThat(e.detail()).contains("Welcome");
                    });
        }
    }
}
