package dev.understudy.testing;

import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server for a test: its own data directory, port and socket directory, all under one temporary
 * directory that {@link #close} removes. Superuser {@code postgres}, authentication {@code trust} unless told otherwise.
 * It is stopped when the JVM ends, too.
 *
 * <pre>
 * try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).withChecksums().start()) {
 *     primary.execute("create table t (a int)");
 *     String conninfo = primary.conninfo();
 * }
 * </pre>
 */
public final class EmbeddedPostgres implements AutoCloseable, TestServer {
    private final ServerMajor major;
    private final Path root;
    private final Path dataDirectory;
    private final int port;
    private final Thread stopAtExit = new Thread(this::stopQuietly, "stop-embedded-postgres");

    private EmbeddedPostgres(ServerMajor major, Path root, Path dataDirectory, int port) {
        this.major = major;
        this.root = root;
        this.dataDirectory = dataDirectory;
        this.port = port;
    }

    /** Prepares a server of a major; nothing happens before {@link Builder#start} or {@link Builder#initialize}. */
    public static Builder of(ServerMajor major) {
        return new Builder(major);
    }

    /** A port of the loopback interface that nobody listens on. */
    public static int freePort() {
        return FreePorts.take();
    }

    public ServerMajor major() {
        return major;
    }

    public int port() {
        return port;
    }

    public String host() {
        return "127.0.0.1";
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    /** Holds {@code postgres}, {@code initdb} and {@code pg_ctl}. */
    public Path binDirectory() {
        return EmbeddedBinaries.installation(major).resolve("bin");
    }

    public Path socketDirectory() {
        return root.resolve("s");
    }

    /** A directory beside the data directory that the server's account owns: for tablespaces, archives, copies. */
    public Path scratch(String name) {
        Path directory = root.resolve(name);
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(directory);
        return directory;
    }

    /** A libpq connection string over TCP, as superuser to database {@code postgres}. */
    public String conninfo() {
        return "host=127.0.0.1 port=" + port + " user=postgres dbname=postgres";
    }

    /** The same through the Unix socket. */
    public String socketConninfo() {
        return "host=" + socketDirectory() + " port=" + port + " user=postgres dbname=postgres";
    }

    @Override
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable";
    }

    /** All that the server has logged so far. */
    public String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path logFile() {
        return root.resolve("log");
    }

    /** Appends lines to {@code postgresql.conf}; in force after {@link #reload} or {@link #restart}. */
    public EmbeddedPostgres configure(String... lines) {
        append("postgresql.conf", String.join("\n", lines) + "\n");
        return this;
    }

    /** Puts other lines into {@code pg_hba.conf}; in force after {@link #reload}. */
    public EmbeddedPostgres admit(String... lines) {
        try {
            Files.writeString(dataDirectory.resolve("pg_hba.conf"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public void reload() {
        control("reload");
    }

    /** Starts it, and waits until it answers; a standby that is not consistent yet does not. */
    public EmbeddedPostgres start() {
        control("start", "-w", "-t", "60", "-l", logFile().toString());
        return this;
    }

    /** Starts it without waiting for it to answer. */
    public EmbeddedPostgres startWithoutWaiting() {
        control("start", "-W", "-l", logFile().toString());
        return this;
    }

    public void restart() {
        stop();
        start();
    }

    /** Stops it the clean way, clients or not. */
    public void stop() {
        control("stop", "-w", "-t", "60", "-m", "fast");
    }

    /** Stops it as a crash would. */
    public void crash() {
        control("stop", "-w", "-t", "60", "-m", "immediate");
    }

    public boolean isRunning() {
        return Files.exists(dataDirectory.resolve("postmaster.pid"));
    }

    /** Process id of the postmaster. */
    public long pid() {
        try {
            return Long.parseLong(Files.readAllLines(dataDirectory.resolve("postmaster.pid"))
                    .get(0)
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server and removes its files. */
    @Override
    public void close() {
        stopQuietly();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
            EmbeddedBinaries.deleteTree(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stopQuietly() {
        if (isRunning()) {
            crash();
        }
    }

    private void control(String verb, String... options) {
        List<String> line = new ArrayList<>(
                List.of(binDirectory().resolve("pg_ctl").toString(), verb, "-s", "-D", dataDirectory.toString()));
        line.addAll(List.of(options));
        try {
            // Root's own home is not where a server's libpq is to look for certificates.
            Map<String, String> environment =
                    Account.isRoot() ? Map.of("LC_ALL", "C", "HOME", "/nonexistent") : Map.of("LC_ALL", "C");
            Account.run(Account.asServer(line), environment);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "pg_ctl " + verb + " failed; the server's log:\n" + (Files.exists(logFile()) ? log() : "none"), e);
        }
    }

    private void append(String file, String text) {
        try {
            Path path = dataDirectory.resolve(file);
            Files.writeString(path, Files.readString(path) + text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server is to be like. */
    public static final class Builder {
        private final ServerMajor major;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> initdbOptions = new ArrayList<>();
        private @Nullable Path existing;
        private @Nullable Path place;

        private Builder(ServerMajor major) {
            this.major = major;
            settings.put("listen_addresses", "127.0.0.1");
            settings.put("fsync", "off");
            settings.put("shared_buffers", "16MB");
            settings.put("wal_level", "replica");
            settings.put("max_wal_senders", "10");
            settings.put("max_replication_slots", "10");
            settings.put("hot_standby", "on");
            settings.put("log_min_messages", "info");
            settings.put("lc_messages", "C");
            settings.put("TimeZone", "UTC");
        }

        /** A line of {@code postgresql.conf}; the value is quoted for it. */
        public Builder withSetting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Any option of {@code initdb}; later ones win. */
        public Builder withInitdb(String... options) {
            initdbOptions.addAll(List.of(options));
            return this;
        }

        public Builder withChecksums() {
            return withInitdb("-k");
        }

        /** Switches off what {@code initdb} 18 switches on. */
        public Builder withoutChecksums() {
            return major.isAtLeast(ServerMajor.V18) ? withInitdb("--no-data-checksums") : this;
        }

        /** WAL segment size in megabytes; PostgreSQL 11 and newer. */
        public Builder withWalSegmentSize(int megabytes) {
            return withInitdb("--wal-segsize=" + megabytes);
        }

        /**
         * Uses a data directory that is there already, as it is, rather than {@code initdb}: a standby somebody built.
         * Port, socket directory and settings are appended to its {@code postgresql.conf}; it is not removed.
         */
        public Builder onDataDirectory(Path directory) {
            this.existing = directory;
            return this;
        }

        /** Makes the data directory there, such as on a file system of its own; it is not removed. */
        public Builder inEmptyDirectory(Path directory) {
            this.place = directory;
            return this;
        }

        /** Makes the data directory and starts the server. */
        public EmbeddedPostgres start() {
            EmbeddedPostgres server = initialize();
            try {
                return server.start();
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        /** Makes the data directory and its configuration, and starts nothing. */
        public EmbeddedPostgres initialize() {
            Path root = makeRoot();
            Path fresh = place == null ? root.resolve("data") : place;
            Path data = existing == null ? fresh : existing;
            EmbeddedPostgres server = new EmbeddedPostgres(major, root, data, freePort());
            server.scratch("s");
            if (existing == null) {
                initdb(server);
            } else {
                Account.give(existing);
            }
            settings.put("port", Integer.toString(server.port));
            settings.put("unix_socket_directories", server.socketDirectory().toString());
            settings.forEach((name, value) -> server.configure(name + " = '" + value.replace("'", "''") + "'"));
            Runtime.getRuntime().addShutdownHook(server.stopAtExit);
            return server;
        }

        private void initdb(EmbeddedPostgres server) {
            List<String> line = new ArrayList<>(List.of(
                    server.binDirectory().resolve("initdb").toString(),
                    "-D",
                    server.dataDirectory.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--no-locale",
                    "-N"));
            line.addAll(initdbOptions);
            Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
            if (!major.isAtLeast(ServerMajor.V10)) {
                // initdb 9.6 leaves the lines for replication commented out.
                server.append(
                        "pg_hba.conf",
                        "local replication all trust\nhost replication all 127.0.0.1/32 trust\n"
                                + "host replication all ::1/128 trust\n");
            }
        }

        private static Path makeRoot() {
            try {
                Path root = Files.createTempDirectory("us-pg");
                Account.give(root);
                return root;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
