package dev.understudy.benchmark;

import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A primary of Debian's PostgreSQL 15, so that server and peers come from one build, with checksums, TLS, and a
 * certificate of its own. Its directory stays when it stops.
 */
public final class Cluster implements TestServer, AutoCloseable {
    /** Nothing of a database that is being filled need survive a crash; it is filled again then. */
    private static final String CARELESS = " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
            + " -c wal_level=minimal -c max_wal_senders=0";

    private final Path directory;
    private final int port = EmbeddedPostgres.freePort();
    private final Path sockets;
    private boolean running;

    private Cluster(Path directory) {
        this.directory = directory;
        // A socket's path has at most 107 bytes.
        this.sockets = Path.of("/tmp", "us-bench-" + port);
        // Also when the run is interrupted: no server may run that did not before.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-cluster"));
    }

    /** Starts the server of a directory, which is made, with this in it, if it is not there. */
    public static Cluster start(Path directory, Contents contents) {
        Cluster cluster = new Cluster(directory);
        Path filled = directory.resolve("filled");
        if (!Files.exists(filled)) {
            cluster.stopLeftover();
            cluster.remove();
            cluster.make();
            cluster.launch(CARELESS);
            try {
                contents.fill(cluster);
            } finally {
                cluster.close();
            }
            Account.run(List.of("sync", "-f", directory.toString()), Map.of());
            cluster.note(filled);
        }
        cluster.start();
        return cluster;
    }

    private void note(Path filled) {
        try {
            Files.createFile(filled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after {@link #close}; does nothing if it runs. */
    public synchronized void start() {
        if (running) {
            return;
        }
        stopLeftover();
        launch("");
    }

    /** A run that was killed leaves its server running, on a port that nobody knows any more. */
    private void stopLeftover() {
        if (Files.exists(dataDirectory().resolve("postmaster.pid"))) {
            try {
                control("stop", "-m", "fast");
            } catch (IllegalStateException notRunning) {
                System.out.println("the server of " + directory + " did not run any more");
            }
        }
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public int port() {
        return port;
    }

    /** What its databases take, in bytes. */
    public double bytes() {
        return Double.parseDouble(String.valueOf(query("SELECT sum(pg_database_size(oid)) FROM pg_database")));
    }

    public Path socketDirectory() {
        return sockets;
    }

    /** For libpq, over the Unix socket. */
    public String socketConninfo() {
        return "host=%s port=%d user=postgres dbname=postgres".formatted(sockets, port);
    }

    /** For libpq, over TCP. */
    public String conninfo(String host, String sslmode) {
        return "host=%s port=%d user=postgres dbname=postgres sslmode=%s".formatted(host, port, sslmode);
    }

    @Override
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&sslmode=disable".formatted(port);
    }

    /** The account that owns its files. */
    public void give(Path path) {
        Account.give(path);
    }

    private void make() {
        try {
            Files.createDirectories(directory);
            Account.give(directory);
            Oracles.run("initdb", "-D", dataDirectory().toString(), "-U", "postgres", "-A", "trust", "-k", "-N");
            certify();
            // What a busy primary of some size has; nothing that depends on the machine.
            append(
                    "postgresql.conf",
                    List.of(
                            "listen_addresses = '*'",
                            "ssl = on",
                            "shared_buffers = 512MB",
                            "max_wal_size = 8GB",
                            "max_wal_senders = 20",
                            "autovacuum = off",
                            "max_locks_per_transaction = 1024"));
            append("pg_hba.conf", List.of("host all all 0.0.0.0/0 trust", "host replication all 0.0.0.0/0 trust"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void certify() {
        Path key = dataDirectory().resolve("server.key");
        SshServer.run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "3650",
                "-subj",
                "/CN=benchmark",
                "-keyout",
                key.toString(),
                "-out",
                dataDirectory().resolve("server.crt").toString()));
        Account.give(dataDirectory());
        Account.run(List.of("chmod", "0600", key.toString()), Map.of());
    }

    private void append(String file, List<String> lines) throws IOException {
        Path path = dataDirectory().resolve(file);
        List<String> all = new ArrayList<>(Files.readAllLines(path));
        all.addAll(lines);
        Files.write(path, all);
    }

    private void launch(String options) {
        try {
            Files.createDirectories(sockets);
            Account.give(sockets);
            control(
                    "start",
                    "-l",
                    directory.resolve("log").toString(),
                    "-o",
                    "-p %d -k %s%s".formatted(port, sockets, options));
            running = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void control(String verb, String... options) {
        List<String> words = new ArrayList<>(
                List.of(verb, "-w", "-t", "600", "-D", dataDirectory().toString()));
        words.addAll(List.of(options));
        Oracles.run("pg_ctl", words.toArray(String[]::new));
    }

    /** Stops it; its directory stays. Does nothing if it does not run. */
    @Override
    public synchronized void close() {
        if (running) {
            running = false;
            control("stop", "-m", "fast");
            Account.run(List.of("rm", "-rf", sockets.toString()), Map.of());
        }
    }

    /** Removes its directory. */
    public void remove() {
        close();
        Account.run(List.of("rm", "-rf", directory.toString()), Map.of());
    }
}
