package dev.understudy.provision.sabotage;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A target as it stood at one moment, which somebody tries to start with the real server. */
final class HalfBuiltTarget {
    /** What is changed before it is started. */
    enum Variant {
        AS_IT_STANDS,
        WITHOUT_LABEL,
        WITHOUT_SIGNAL_FILE,
        WITH_LABEL_AND_SIGNAL_FILE_PUT_IN,
        /** The copied pg_control under its real name, by somebody who means well, and no label. */
        WITH_PG_CONTROL_RENAMED
    }

    /** How the attempt ended. */
    enum Attempt {
        /** The server ended itself. */
        REFUSED,
        /** It answers, and is in recovery. */
        STANDBY,
        /** It answers, and takes writes. */
        WRITABLE
    }

    /**
     * What came of it.
     *
     * @param log all that the server wrote
     */
    record Result(Attempt attempt, String log) {}

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final EmbeddedPostgres primary;
    private final Path binDirectory;
    private final Path directory;

    HalfBuiltTarget(EmbeddedPostgres primary, Path binDirectory, Path directory) {
        this.primary = primary;
        this.binDirectory = binDirectory;
        this.directory = directory;
    }

    boolean isRendered() {
        return Files.exists(directory.resolve("global/pg_control"));
    }

    /**
     * Tries to start a copy of it.
     *
     * @param label the label to be put in by hand
     */
    Result start(Variant variant, String label) throws IOException {
        if (!isRendered()) {
            // No server begins to work on it, so it stays as it is: each variant goes on from the one before.
            change(directory, variant, label);
            return start(directory);
        }
        Path copy = directory.resolveSibling(directory.getFileName() + "-" + variant);
        Account.run(List.of("cp", "-a", directory.toString(), copy.toString()), Map.of());
        try {
            change(copy, variant, label);
            return start(copy);
        } finally {
            Account.run(List.of("rm", "-rf", copy.toString()), Map.of());
        }
    }

    private void change(Path copy, Variant variant, String label) throws IOException {
        switch (variant) {
            case AS_IT_STANDS -> {}
            case WITHOUT_LABEL -> Files.deleteIfExists(copy.resolve("backup_label"));
            case WITHOUT_SIGNAL_FILE -> {
                Files.deleteIfExists(copy.resolve("standby.signal"));
                Files.deleteIfExists(copy.resolve("recovery.conf"));
            }
            case WITH_LABEL_AND_SIGNAL_FILE_PUT_IN -> putIn(copy, label);
            case WITH_PG_CONTROL_RENAMED -> {
                Path pending = copy.resolve("global/pg_control.understudy");
                if (Files.exists(pending)) {
                    Files.move(pending, copy.resolve("global/pg_control"));
                }
                Files.deleteIfExists(copy.resolve("backup_label"));
            }
        }
    }

    private void putIn(Path copy, String label) throws IOException {
        if (!Files.exists(copy.resolve("backup_label"))) {
            Files.writeString(copy.resolve("backup_label"), label);
            Account.give(copy.resolve("backup_label"));
        }
        boolean modern = primary.major().isAtLeast(ServerMajor.V12);
        Path signal = copy.resolve(modern ? "standby.signal" : "recovery.conf");
        if (!Files.exists(signal)) {
            Files.writeString(
                    signal, modern ? "" : "standby_mode = on\nprimary_conninfo = '" + primary.conninfo() + "'\n");
            Account.give(signal);
        }
    }

    private Result start(Path copy) throws IOException {
        Path log = copy.resolveSibling(copy.getFileName() + ".log");
        int port = EmbeddedPostgres.freePort();
        List<String> line = new ArrayList<>(List.of(
                binDirectory.resolve("postgres").toString(), "-D", copy.toString(), "-p", Integer.toString(port)));
        line.addAll(List.of("-k", primary.socketDirectory().toString(), "-c", "logging_collector=off"));
        line.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=1MB"));
        ProcessBuilder builder = new ProcessBuilder(Account.asServer(line))
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        Process server = builder.start();
        try {
            Attempt attempt = Awaitility.await("an end of the attempt to start " + copy)
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> look(server, port), Optional::isPresent)
                    .orElseThrow();
            return new Result(attempt, Files.readString(log));
        } finally {
            stop(server);
            Files.delete(log);
        }
    }

    private static Optional<Attempt> look(Process server, int port) {
        if (!server.isAlive()) {
            return Optional.of(Attempt.REFUSED);
        }
        String url =
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            return Optional.of(row.getBoolean(1) ? Attempt.STANDBY : Attempt.WRITABLE);
        } catch (SQLException notYet) {
            return Optional.empty();
        }
    }

    private static void stop(Process server) {
        server.destroy();
        try {
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
                server.waitFor();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
