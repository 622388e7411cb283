package dev.understudy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real PgBouncer in front of a server, which lets anybody in as {@code postgres}.
 *
 * <pre>
 * try (PgBouncer pooler = PgBouncer.start(primary, PgBouncer.Mode.TRANSACTION)) {
 *     Conninfo.parse(primary.conninfo()).with("port", "" + pooler.port());
 * }
 * </pre>
 *
 * Skips the test where the program is missing, see {@link Required}.
 */
public final class PgBouncer implements AutoCloseable {
    /** How long a client keeps the server's session that it was lent. */
    public enum Mode {
        SESSION,
        TRANSACTION
    }

    private final Process process;
    private final int port;
    private final Path log;

    private PgBouncer(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    public static PgBouncer start(EmbeddedPostgres server, Mode mode) {
        Path program = Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("pgbouncer"));
        Required.part("pgbouncer", program.isAbsolute(), "there is no pgbouncer (Debian: pgbouncer)");
        Path directory = server.scratch("pgbouncer-" + mode);
        int port = FreePorts.take();
        try {
            Path configuration = Files.write(directory.resolve("pgbouncer.ini"), configuration(server, mode, port));
            Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));
            Path log = directory.resolve("log");
            Process process = new ProcessBuilder(
                            Account.asServer(List.of(program.toString(), configuration.toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            PgBouncer pooler = new PgBouncer(process, port, log);
            pooler.awaitStart();
            return pooler;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> configuration(EmbeddedPostgres server, Mode mode, int port) {
        return List.of(
                "[databases]",
                "* = host=127.0.0.1 port=" + server.port() + " user=postgres",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = any",
                "pool_mode = " + mode.name().toLowerCase(java.util.Locale.ROOT));
    }

    private void awaitStart() {
        Awaitility.await("PgBouncer")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("pgbouncer ended: " + Files.readString(log));
                    }
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
