package dev.understudy.testing;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
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
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A standby of this machine that a run built and started, looked at past the code under test. Stopped by {@link #close};
 * its files go with the directory it was built in.
 */
public final class BuiltStandby implements AutoCloseable {
    private final ServerMajor major;
    private final Path dataDirectory;
    private final int port;

    private BuiltStandby(ServerMajor major, Path dataDirectory, int port) {
        this.major = major;
        this.dataDirectory = dataDirectory;
        this.port = port;
    }

    /** The one that a run built, on the port that the run took. */
    public static BuiltStandby of(RunState run, ServerMajor major, Path dataDirectory) {
        return new BuiltStandby(
                major, dataDirectory, Integer.parseInt(run.facts().get("port")));
    }

    /** One that is there, running or not. */
    public static BuiltStandby at(ServerMajor major, Path dataDirectory, int port) {
        return new BuiltStandby(major, dataDirectory, port);
    }

    public ServerMajor major() {
        return major;
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable";
    }

    /** The first column of the first row as text; null if it is null or there is no row. */
    public @Nullable String query(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a command that has no rows. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isRunning() {
        return Files.exists(dataDirectory.resolve("postmaster.pid"));
    }

    /** Promotes it, and waits until it takes writes. */
    public void promote() {
        control("promote");
        Awaitility.await("promotion")
                .atMost(Duration.ofSeconds(60))
                .until(() -> "f".equals(query("SELECT pg_is_in_recovery()")));
    }

    public void start() {
        control("start", "-w", "-t", "60", "-l", dataDirectory + ".log");
    }

    /** Stops it the clean way. */
    public void stop() {
        control("stop", "-w", "-t", "60", "-m", "fast");
    }

    @Override
    public void close() {
        if (isRunning()) {
            control("stop", "-w", "-t", "60", "-m", "immediate");
        }
    }

    private void control(String verb, String... options) {
        Path program = EmbeddedBinaries.installation(major).resolve("bin/pg_ctl");
        List<String> line = new ArrayList<>(List.of(program.toString(), verb, "-s", "-D", dataDirectory.toString()));
        line.addAll(List.of(options));
        Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
    }
}
