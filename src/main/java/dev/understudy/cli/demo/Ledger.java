package dev.understudy.cli.demo;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.Connector;
import dev.understudy.server.connect.ResolvedConninfo;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Accounts between which clients move money all the time. Whatever moment a copy shows, the sum over all accounts is the
 * same; a copy in which it is not has torn a transaction apart. This plays the part of somebody's application, so its
 * SQL is its own.
 */
final class Ledger implements AutoCloseable {
    static final int ACCOUNTS = 1000;
    static final long OPENING_BALANCE = 1000;
    static final int CLIENTS = 4;

    /** One transaction: two balances and the entry that says so. */
    private static final String TRANSFER = "WITH moved AS (UPDATE account SET balance = balance"
            + " + CASE WHEN id = ? THEN ?::bigint ELSE -(?::bigint) END WHERE id IN (?, ?))"
            + " INSERT INTO entry (source, target, amount) VALUES (?, ?, ?)";

    private final Conninfo primary;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<Thread> clients = new ArrayList<>();

    /** What a server shows of the ledger, at a place in the WAL that it had replayed by then. */
    record Reading(Lsn lsn, long transfers, long sum) {
        boolean isRight() {
            return sum == ACCOUNTS * OPENING_BALANCE;
        }
    }

    Ledger(Conninfo primary) {
        this.primary = primary;
    }

    /**
     * Makes the tables, and other data besides so that there is something to copy.
     *
     * @param tablespace an empty directory for a part of it
     * @param rows about 700 bytes each
     */
    void create(Path tablespace, int rows) {
        List<String> statements = List.of(
                "CREATE TABLESPACE archive LOCATION '" + tablespace.toString().replace("'", "''") + "'",
                "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)",
                "INSERT INTO account SELECT id, " + OPENING_BALANCE + " FROM generate_series(1, " + ACCOUNTS + ") id",
                "CREATE TABLE entry (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),"
                        + " source int NOT NULL, target int NOT NULL, amount bigint NOT NULL)",
                documents("document", "", rows * 2 / 3),
                documents("old_document", " TABLESPACE archive", rows / 3),
                "CHECKPOINT");
        try (Connection connection = connect(primary);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failed("could not load the demo's data", e);
        }
    }

    private static String documents(String table, String tablespace, int rows) {
        return "CREATE TABLE " + table + tablespace + " AS SELECT id, repeat(md5(id::text), 20) AS body"
                + " FROM generate_series(1, " + rows + ") id";
    }

    /** Starts the clients. Each has accounts of its own, so that none waits for another. */
    void startClients() {
        for (int client = 0; client < CLIENTS; client++) {
            int number = client;
            Thread thread = new Thread(() -> write(number), "demo-client-" + number);
            thread.setDaemon(true);
            clients.add(thread);
            thread.start();
        }
    }

    private void write(int client) {
        SplittableRandom random = new SplittableRandom(client);
        try (Connection connection = connect(primary);
                PreparedStatement transfer = connection.prepareStatement(TRANSFER)) {
            while (!stopped.get()) {
                transfer(transfer, own(client, random), own(client, random), random.nextLong(1, 100));
            }
        } catch (SQLException | UnderstudyException e) {
            // The servers are taken away from under the clients when the demo ends; before that it is a failure.
            if (!stopped.get()) {
                failure.compareAndSet(null, e);
            }
        }
    }

    private static void transfer(PreparedStatement statement, int from, int to, long amount) throws SQLException {
        if (from == to) {
            return;
        }
        statement.setInt(1, to);
        statement.setLong(2, amount);
        statement.setLong(3, amount);
        statement.setInt(4, from);
        statement.setInt(5, to);
        statement.setInt(6, from);
        statement.setInt(7, to);
        statement.setLong(8, amount);
        statement.executeUpdate();
    }

    private static int own(int client, SplittableRandom random) {
        return 1 + client + CLIENTS * random.nextInt(ACCOUNTS / CLIENTS);
    }

    /**
     * Makes sure that the clients still write.
     *
     * @throws UnderstudyException {@link ErrorCode#DEMO_FAILED} if one of them failed
     */
    void requireRunning() {
        Exception error = failure.get();
        if (error != null) {
            throw failed("a client of the demo's primary failed", error);
        }
    }

    /** Reads the ledger from a standby. */
    static Reading read(Conninfo standby, ServerMajor major) {
        String replayed =
                major.isAtLeast(ServerMajor.V10) ? "pg_last_wal_replay_lsn()" : "pg_last_xlog_replay_location()";
        String sql = "SELECT " + replayed + "::text, (SELECT count(*) FROM entry), (SELECT sum(balance) FROM account)";
        try (Connection connection = connect(standby);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Reading(Lsn.parse(row.getString(1)), row.getLong(2), row.getLong(3));
        } catch (SQLException e) {
            throw failed("could not read the ledger from the standby", e);
        }
    }

    private static Connection connect(Conninfo conninfo) {
        return Connector.connect(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY)
                .connection();
    }

    private static UnderstudyException failed(String message, Exception cause) {
        return UnderstudyException.of(ErrorCode.DEMO_FAILED, "%s", message)
                .detail("%s", cause instanceof UnderstudyException known ? known.describe() : cause.toString())
                .cause(cause)
                .build();
    }

    /** Stops the clients and waits for them, a few seconds at most. */
    @Override
    public void close() {
        stopped.set(true);
        for (Thread client : clients) {
            try {
                client.join(Duration.ofSeconds(3).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
