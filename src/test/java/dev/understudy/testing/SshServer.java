package dev.understudy.testing;

import dev.understudy.host.ssh.SshOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real OpenSSH server of this machine on a free port of the loopback interface, with keys of its own, into which
 * the account that runs the tests can log in. Works for root and for ordinary users.
 */
public final class SshServer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Process process;
    private final List<TcpProxy> proxies = new ArrayList<>();

    private SshServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts a server.
     *
     * @param directory an empty directory for its files
     * @param settings further lines of sshd_config; they win over the usual ones
     */
    public static SshServer start(Path directory, String... settings) {
        Optional<Path> sshd = Stream.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (sshd.isEmpty()) {
            Required.part("ssh", false, "there is no sshd; install openssh-server");
        }
        try {
            Files.createDirectories(directory);
            if (Files.isWritable(Path.of("/run"))) {
                Files.createDirectories(Path.of("/run/sshd")); // sshd as root separates privileges there
            }
            generateKey(directory.resolve("host_ed25519"), "ed25519");
            generateKey(directory.resolve("client"), "ed25519");
            int port = freePort();
            authorize(directory, directory.resolve("client.pub"));
            Files.write(directory.resolve("sshd_config"), configuration(directory, port, settings));
            Process process = new ProcessBuilder(
                            sshd.orElseThrow().toString(), "-D", "-e", "-f", directory + "/sshd_config")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("sshd.log").toFile())
                    .start();
            SshServer server = new SshServer(directory, port, process);
            server.awaitStart();
            server.writeClientFiles();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> configuration(Path directory, int port, String... settings) {
        List<String> lines = new ArrayList<>(Arrays.asList(settings));
        lines.addAll(List.of(
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "HostKey " + directory + "/host_ed25519",
                "AuthorizedKeysFile " + directory + "/authorized_keys",
                "PidFile none",
                "StrictModes no",
                "PasswordAuthentication no",
                "ChallengeResponseAuthentication no",
                "PermitRootLogin yes",
                "AllowTcpForwarding yes",
                "MaxStartups 100",
                // Else bash takes every command for a log-in and reads what its account's owner wants to have at one.
                "SetEnv SHLVL=1",
                "LogLevel VERBOSE"));
        return lines;
    }

    private void awaitStart() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("sshd ended: " + log());
                    }
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private void writeClientFiles() throws IOException {
        Files.writeString(knownHosts(), knownHostsLine("[127.0.0.1]:" + port));
        Files.write(
                directory.resolve("config"),
                List.of(
                        "Host *",
                        "    IdentityFile " + clientKey(),
                        "    UserKnownHostsFile " + knownHosts(),
                        "    GlobalKnownHostsFile none",
                        "    IdentityAgent none"));
    }

    /** The line of a known_hosts file that names this server's key. */
    public String knownHostsLine(String name) {
        try {
            String[] words =
                    Files.readString(directory.resolve("host_ed25519.pub")).split(" ", -1);
            return name + " " + words[0] + " " + words[1] + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where to log in, for {@code Hosts.open}. */
    public String address() {
        return address(port);
    }

    /** The same through a proxy's port. */
    public String address(int otherPort) {
        return "ssh://%s@127.0.0.1:%d".formatted(System.getProperty("user.name"), otherPort);
    }

    public int port() {
        return port;
    }

    public Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    public Path clientKey() {
        return directory.resolve("client");
    }

    /** A client configuration that names key and known hosts; also for {@code ssh -F}. */
    public Path config() {
        return directory.resolve("config");
    }

    /** Options that make a client log in to this server and nowhere else. */
    public SshOptions options() {
        return new SshOptions(directory, List.of(config()), Optional.empty());
    }

    /** A proxy in front of this server, known by the server's key; closed with the server. */
    public TcpProxy proxy() {
        try {
            TcpProxy proxy = TcpProxy.start(port);
            proxies.add(proxy);
            Files.writeString(
                    knownHosts(), Files.readString(knownHosts()) + knownHostsLine("[127.0.0.1]:" + proxy.port()));
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server wrote to its log. */
    public String log() {
        try {
            return Files.readString(directory.resolve("sshd.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all sessions, as a reboot would; the server itself goes on. */
    public void dropSessions() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Lets another key in. */
    public static void authorize(Path directory, Path publicKey) throws IOException {
        Path file = directory.resolve("authorized_keys");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, before + Files.readString(publicKey));
    }

    /** Makes a key pair without a passphrase, or with one. */
    public static void generateKey(Path file, String type, String... options) {
        List<String> words =
                new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type, "-C", "test", "-f", file.toString()));
        words.addAll(options.length == 0 ? List.of("-N", "") : List.of(options));
        run(words);
    }

    /** Runs a program of OpenSSH to its end. */
    public static String run(List<String> words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(words + " failed: " + text);
            }
            return text;
        } catch (IOException e) {
            Required.part("ssh", false, words.get(0) + " cannot be run; install openssh-client");
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A port of the loopback interface that nobody listens on. */
    public static int freePort() {
        return FreePorts.take();
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
        dropSessions();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
