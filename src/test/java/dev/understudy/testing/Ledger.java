package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * A busy application on a primary: clients that keep moving money between accounts, so that the sum is the same at
 * whatever moment a copy shows, and one that keeps rewriting, truncating, creating and dropping beside them, so that files
 * grow, shrink, vanish and change their names under a copy. All through the plain driver, which owes nothing to the code
 * under test.
 *
 * <pre>
 * try (Ledger ledger = Ledger.create(primary.jdbcUrl(), tablespace).start()) {
 *     …
 *     Ledger.read(standby.jdbcUrl(), primary.major()).requireRight();
 * }
 * </pre>
 */
public final class Ledger implements AutoCloseable {
    private static final int ACCOUNTS = 400;
    private static final int CLIENTS = 3;
    private static final long OPENING_BALANCE = 1000;
    private static final long DOCUMENTS = 4000;
    private static final long VOLATILE_ROWS = 300;

    /** Pauses of the clients, in nanoseconds: busy, but not so that nothing else gets a turn on a small machine. */
    private static final long TRANSFER_PAUSE = 4_000_000;

    private static final long UPHEAVAL_PAUSE = 60_000_000;

    private static final int READ_ATTEMPTS = 10;

    /** One transaction: two balances and the entry that says so. */
    private static final String TRANSFER = "WITH moved AS (UPDATE account SET balance = balance"
            + " + CASE WHEN id = ? THEN ?::bigint ELSE -(?::bigint) END WHERE id IN (?, ?))"
            + " INSERT INTO entry (source, target, amount) VALUES (?, ?, ?)";

    /** What changes whole files; every reading sees the same numbers before and after each. */
    private static final List<String> UPHEAVALS = List.of(
            "VACUUM FULL document",
            "CREATE INDEX document_body ON document (md5(body))",
            "BEGIN; TRUNCATE volatile; INSERT INTO volatile SELECT generate_series(1, " + VOLATILE_ROWS + "); COMMIT",
            "CREATE TABLE passing AS SELECT generate_series(1, 2000) AS n",
            "ALTER TABLE passing ADD COLUMN note text DEFAULT 'x'",
            "DROP INDEX document_body",
            "INSERT INTO growing SELECT n, repeat('g', 400) FROM generate_series(1, 300) n",
            "REINDEX TABLE account",
            "DROP TABLE passing",
            "VACUUM entry",
            "INSERT INTO unlogged SELECT generate_series(1, 50)",
            "INSERT INTO pg_temp.own SELECT generate_series(1, 500)",
            "CREATE TABLE moving AS SELECT generate_series(1, 500) AS n",
            "DROP TABLE moving");

    private final String jdbcUrl;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong transfers = new AtomicLong();
    private final AtomicLong upheavals = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<Thread> clients = new ArrayList<>();

    private Ledger(String jdbcUrl) {
        this.jdbcUrl = jdbcUrl;
    }

    /**
     * What a server shows of the ledger in one statement.
     *
     * @param replayed up to where the server had replayed when it began to read; empty on a primary
     * @param entries how many transfers were made so far
     */
    public record Reading(
            Optional<Lsn> replayed,
            long sum,
            long accounts,
            long entries,
            long documents,
            long archived,
            long volatileRows,
            boolean everyEntryNumbered) {
        /** Fails unless all that never changes is as it always is. */
        public Reading requireRight() {
            assertThat(sum).as("sum over all accounts in %s", this).isEqualTo(ACCOUNTS * OPENING_BALANCE);
            assertThat(accounts).as("accounts in %s", this).isEqualTo(ACCOUNTS);
            assertThat(documents).as("documents in %s", this).isEqualTo(DOCUMENTS);
            assertThat(archived).as("documents in the tablespace in %s", this).isEqualTo(DOCUMENTS);
            assertThat(volatileRows)
                    .as("rows of the table that is truncated and filled in one transaction in %s", this)
                    .isEqualTo(VOLATILE_ROWS);
            assertThat(everyEntryNumbered)
                    .as("entries keep their keys in %s", this)
                    .isTrue();
            return this;
        }
    }

    /**
     * Makes the tables.
     *
     * @param tablespace absolute path of an empty directory that the server's account owns, for a part of them; empty to
     *     put all of them into the data directory
     */
    public static Ledger create(String jdbcUrl, String tablespace) {
        Ledger ledger = new Ledger(jdbcUrl);
        List<String> statements = new ArrayList<>();
        if (!tablespace.isEmpty()) {
            statements.add("CREATE TABLESPACE archive LOCATION '" + tablespace.replace("'", "''") + "'");
        }
        String there = tablespace.isEmpty() ? "" : " TABLESPACE archive";
        statements.addAll(List.of(
                "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)",
                "INSERT INTO account SELECT id, " + OPENING_BALANCE + " FROM generate_series(1, " + ACCOUNTS + ") id",
                "CREATE TABLE entry (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),"
                        + " source int NOT NULL, target int NOT NULL, amount bigint NOT NULL)",
                documents("document", ""),
                documents("old_document", there),
                "CREATE INDEX old_document_id ON old_document (id)" + there,
                "CREATE TABLE volatile AS SELECT generate_series(1, " + VOLATILE_ROWS + ") AS n",
                "CREATE TABLE growing (n int, filling text)",
                "CREATE UNLOGGED TABLE unlogged (n int)",
                "CREATE INDEX unlogged_n ON unlogged (n)",
                "INSERT INTO unlogged SELECT generate_series(1, 5000)",
                "CHECKPOINT"));
        ledger.execute(statements);
        return ledger;
    }

    /** For a primary that has the tables already. */
    public static Ledger attach(String jdbcUrl) {
        return new Ledger(jdbcUrl);
    }

    private static String documents(String table, String tablespace) {
        return "CREATE TABLE " + table + tablespace + " AS SELECT id, repeat(md5(id::text), 20) AS body"
                + " FROM generate_series(1, " + DOCUMENTS + ") id";
    }

    private void execute(List<String> statements) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the clients, and waits until each has done something. */
    public Ledger start() {
        for (int client = 0; client < CLIENTS; client++) {
            int number = client;
            start("ledger-client-" + number, () -> transferAll(number));
        }
        start("ledger-upheaval", this::upheave);
        Awaitility.await("the ledger's clients")
                .atMost(Duration.ofSeconds(30))
                .until(() -> failure.get() != null || (transfers.get() > CLIENTS && upheavals.get() > 0));
        requireRunning();
        return this;
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        clients.add(thread);
        thread.start();
    }

    private void transferAll(int client) {
        SplittableRandom random = new SplittableRandom(client);
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                PreparedStatement transfer = connection.prepareStatement(TRANSFER)) {
            while (!stopped.get()) {
                int source = own(client, random);
                int target = own(client, random);
                if (source != target) {
                    transfer(transfer, source, target, random.nextLong(1, 100));
                    transfers.incrementAndGet();
                    LockSupport.parkNanos(TRANSFER_PAUSE);
                }
            }
        } catch (SQLException e) {
            failed(e);
        }
    }

    /** Each client has accounts of its own, so that none waits for another. */
    private static int own(int client, SplittableRandom random) {
        return 1 + client + CLIENTS * random.nextInt(ACCOUNTS / CLIENTS);
    }

    private static void transfer(PreparedStatement statement, int source, int target, long amount) throws SQLException {
        statement.setInt(1, target);
        statement.setLong(2, amount);
        statement.setLong(3, amount);
        statement.setInt(4, source);
        statement.setInt(5, target);
        statement.setInt(6, source);
        statement.setInt(7, target);
        statement.setLong(8, amount);
        statement.executeUpdate();
    }

    private void upheave() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE own (n int)");
            // Whoever wrote before may have been stopped in between.
            statement.execute("DROP TABLE IF EXISTS passing, moving");
            statement.execute("DROP INDEX IF EXISTS document_body");
            while (!stopped.get()) {
                int next = (int) (upheavals.get() % UPHEAVALS.size());
                statement.execute(UPHEAVALS.get(next));
                upheavals.incrementAndGet();
                LockSupport.parkNanos(UPHEAVAL_PAUSE);
            }
        } catch (SQLException e) {
            failed(e);
        }
    }

    private void failed(SQLException e) {
        // A server may be taken away from under its clients once they were told to stop.
        if (!stopped.get()) {
            failure.compareAndSet(null, e);
        }
    }

    /** Fails if a client did. */
    public void requireRunning() {
        Exception error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a client of the ledger failed", error);
        }
    }

    /** Transfers made so far. */
    public long transfers() {
        return transfers.get();
    }

    /** Reads the ledger from any server, a standby or the primary; again if replay cancelled the query. */
    public static Reading read(String jdbcUrl, ServerMajor major) {
        for (int attempt = 1; ; attempt++) {
            try {
                return readOnce(jdbcUrl, major);
            } catch (SQLException e) {
                boolean conflict = "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
                if (!conflict || attempt == READ_ATTEMPTS) {
                    throw new IllegalStateException("could not read the ledger from " + jdbcUrl, e);
                }
            }
        }
    }

    private static Reading readOnce(String jdbcUrl, ServerMajor major) throws SQLException {
        String replayed =
                major.isAtLeast(ServerMajor.V10) ? "pg_last_wal_replay_lsn()" : "pg_last_xlog_replay_location()";
        String sql =
                "SELECT " + replayed + "::text, (SELECT sum(balance) FROM account), (SELECT count(*) FROM account),"
                        + " (SELECT count(*) FROM entry),"
                        + " (SELECT count(*) FROM document WHERE body = repeat(md5(id::text), 20)),"
                        + " (SELECT count(*) FROM old_document WHERE body = repeat(md5(id::text), 20)),"
                        + " (SELECT count(DISTINCT n) FROM volatile), (SELECT count(DISTINCT id) = count(*) FROM entry)";
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Reading(
                    Optional.ofNullable(row.getString(1)).map(Lsn::parse),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getBoolean(8));
        }
    }

    /** Stops the clients, and waits for them. */
    @Override
    public void close() {
        stopped.set(true);
        for (Thread client : clients) {
            try {
                client.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
