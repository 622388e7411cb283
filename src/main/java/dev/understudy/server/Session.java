package dev.understudy.server;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.Connector;
import dev.understudy.server.connect.Endpoint;
import dev.understudy.server.connect.ResolvedConninfo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * One database session, made safe to hold for hours: whatever could end it is switched off where the major has it, names
 * are looked up in {@code pg_catalog} alone, and no wait is without a limit. For one thread at a time; only {@link
 * #cancel}, {@link #notices} and {@link #close} may be called from others.
 */
public final class Session implements AutoCloseable {
    /** Limit of a query for which nobody gave another one. */
    public static final Duration DEFAULT_LIMIT = Duration.ofMinutes(2);

    /** What the network may take on top of a query's limit, until the server's own answer to the cancel is in. */
    private static final Duration NETWORK_SLACK = Duration.ofSeconds(5);

    private final Connection connection;
    private final Endpoint endpoint;
    private final ServerVersion version;
    private final int announcedPid;
    private final int backendPid;
    private final String marker = UUID.randomUUID().toString();
    private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Statement running;
    private Duration standardLimit = DEFAULT_LIMIT;

    private Session(Connector.Connected connected, ServerVersion version, int announcedPid, int backendPid) {
        this.connection = connected.connection();
        this.endpoint = connected.endpoint();
        this.version = version;
        this.announcedPid = announcedPid;
        this.backendPid = backendPid;
    }

    /** Opens a session for queries; the connection string is resolved against this process's environment. */
    public static Session open(Conninfo conninfo) {
        return open(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY);
    }

    /**
     * Opens a session.
     *
     * @throws UnderstudyException with a code of its own for each reason why a connection fails; {@link
     *     ErrorCode#VERSION_UNSUPPORTED} for a server that is older or newer than those we know
     */
    public static Session open(ResolvedConninfo conninfo, ConnectOptions options) {
        Connector.Connected connected = Connector.connect(conninfo, options);
        try {
            Session session = greet(connected);
            session.pinSettings();
            return session;
        } catch (SQLException e) {
            closeQuietly(connected.connection(), e);
            throw SqlFailures.explain(e, "the first query of a session");
        } catch (RuntimeException e) {
            closeQuietly(connected.connection(), e);
            throw e;
        }
    }

    private static Session greet(Connector.Connected connected) throws SQLException {
        connected.connection().setNetworkTimeout(Runnable::run, (int) DEFAULT_LIMIT.toMillis());
        try (Statement statement = connected.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid(),"
                        + " pg_catalog.current_setting('server_version_num')::pg_catalog.int4")) {
            row.next();
            ServerVersion version = new ServerVersion(row.getInt(2));
            if (!version.major().isSupported()) {
                throw UnderstudyException.of(
                                ErrorCode.VERSION_UNSUPPORTED, "PostgreSQL %s is not supported", version.major())
                        .detail("Supported are %s to %s.", ServerMajor.OLDEST, ServerMajor.NEWEST)
                        .build();
            }
            int announcedPid = connected.connection().unwrap(PGConnection.class).getBackendPID();
            return new Session(connected, version, announcedPid, row.getInt(1));
        }
    }

    private void pinSettings() {
        StringBuilder sql = new StringBuilder("SELECT pg_catalog.set_config('understudy.session', ?, false)");
        List<Object> parameters = new ArrayList<>(List.of(marker));
        for (String setting : Dialect.SAFE_SETTINGS.on(major()).split(";", -1)) {
            int equals = setting.indexOf('=');
            sql.append(", pg_catalog.set_config(?, ?, false)");
            parameters.add(setting.substring(0, equals));
            parameters.add(setting.substring(equals + 1));
        }
        list(row -> row, sql.toString(), parameters.toArray());
    }

    /** Sets the limit of each query for which nobody gives another one. */
    public void limitTo(Duration limit) {
        standardLimit = limit;
    }

    public ServerVersion version() {
        return version;
    }

    public ServerMajor major() {
        return version.major();
    }

    /** Process id of the server process behind this session, as it was at the start. */
    public int backendPid() {
        return backendPid;
    }

    /** The place that answered. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Calls back for every NOTICE or WARNING, once the statement that raised it has ended. */
    public void onNotice(Consumer<Notice> listener) {
        listeners.add(listener);
    }

    /** What the statement that runs right now has been told so far; for another thread that watches it. */
    public List<Notice> notices() {
        Statement statement = running;
        try {
            return statement == null ? List.of() : Notice.chain(statement.getWarnings());
        } catch (SQLException e) {
            // The statement has just ended: there is nothing left to watch.
            return List.of();
        }
    }

    /** Asks the server to cancel what this session is running; harmless when nothing runs. */
    public void cancel() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            throw SqlFailures.explain(e, "the request to cancel");
        }
    }

    /**
     * Makes sure that the session lives and is still the same.
     *
     * @param limit how long to wait for the answer
     * @throws UnderstudyException {@link ErrorCode#SESSION_LOST} if there is none
     */
    public void ping(Duration limit) {
        boolean same = quick(
                limit,
                row -> row.number("pid") == backendPid && row.text("marker").equals(marker),
                "SELECT pg_backend_pid() AS pid, current_setting('understudy.session', true) AS marker");
        if (!same) {
            throw UnderstudyException.of(ErrorCode.SESSION_LOST, "another session answers in place of ours")
                    .detail(
                            "Something between here and the server hands out its sessions, as a connection pooler does.")
                    .hint("Connect to the server itself.")
                    .build();
        }
    }

    /**
     * Signs of a connection pooler between here and the server, for people; none if there are none. A pooler makes up
     * the process id that it sends for cancel requests, since those come to it first.
     */
    public Optional<String> pooler() {
        if (announcedPid != backendPid) {
            return Optional.of(
                    "log-in announced process %d, pg_backend_pid() is %d".formatted(announcedPid, backendPid));
        }
        boolean same = one(
                row -> row.text("marker").equals(marker),
                "SELECT current_setting('understudy.session', true) AS marker");
        return same ? Optional.empty() : Optional.of("a setting made in this session is gone");
    }

    /**
     * The one row of a query that takes no time. When the limit is over the session is given up at once: to cancel the
     * query would take a network that answers.
     */
    public <T> T quick(Duration limit, Row.Reader<T> reader, String sql) {
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
            try (ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return reader.read(new Row(rows));
            }
        } catch (SQLException e) {
            throw SqlFailures.explain(e, "query: " + sql);
        }
    }

    /** All rows of a query, within the session's limit. */
    public <T> List<T> list(Row.Reader<T> reader, String sql, Object... parameters) {
        return list(standardLimit, reader, sql, parameters);
    }

    /** The first row of a query, if there is one. */
    public <T> Optional<T> find(Row.Reader<T> reader, String sql, Object... parameters) {
        return list(standardLimit, reader, sql, parameters).stream().findFirst();
    }

    /** The one row of a query that always has one. */
    public <T> T one(Row.Reader<T> reader, String sql, Object... parameters) {
        return one(standardLimit, reader, sql, parameters);
    }

    public <T> T one(Duration limit, Row.Reader<T> reader, String sql, Object... parameters) {
        return list(limit, reader, sql, parameters).get(0);
    }

    /**
     * All rows of a query.
     *
     * @param limit after it the query is cancelled; a little later the session is given up
     * @throws UnderstudyException {@link ErrorCode#QUERY_TIMED_OUT}, {@link ErrorCode#PRIVILEGE_MISSING}, {@link
     *     ErrorCode#SESSION_LOST} or {@link ErrorCode#QUERY_FAILED}
     */
    public <T> List<T> list(Duration limit, Row.Reader<T> reader, String sql, Object... parameters) {
        List<T> values = new ArrayList<>();
        stream(limit, row -> values.add(reader.read(row)), sql, parameters);
        return values;
    }

    /** Hands each row to a consumer; as {@link #list} otherwise. */
    public void stream(Duration limit, Row.Reader<?> consumer, String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            limitNetwork(limit);
            // Binary transfer from the first execution on: no hexadecimal for bytea. It gives statements names, and
            // behind
            // a pooler another client may have given the same; that there is one is all that we want to know then.
            statement.unwrap(PGStatement.class).setPrepareThreshold(announcedPid == backendPid ? -1 : 0);
            statement.setQueryTimeout((int) Math.max(1, limit.toSeconds()));
            Parameters.bind(connection, statement, parameters);
            running = statement;
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                while (rows.next()) {
                    consumer.read(row);
                }
            } finally {
                running = null;
                Notice.chain(statement.getWarnings()).forEach(notice -> listeners.forEach(each -> each.accept(notice)));
            }
        } catch (SQLException e) {
            throw SqlFailures.explain(e, "query: " + sql);
        }
    }

    /** Runs a command that has no rows and takes no parameters. */
    public void execute(Duration limit, String command) {
        try (Statement statement = connection.createStatement()) {
            limitNetwork(limit);
            statement.setQueryTimeout((int) Math.max(1, limit.toSeconds()));
            running = statement;
            statement.execute(command);
        } catch (SQLException e) {
            throw SqlFailures.explain(e, "command: " + command);
        } finally {
            running = null;
        }
    }

    /**
     * Runs somebody's SQL, one statement or several, as it stands.
     *
     * @return the first column of the last answer's rows, as text, {@code ""} for null; empty if there was no answer
     */
    public List<String> answerOf(Duration limit, String script) {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            limitNetwork(limit);
            statement.setQueryTimeout((int) Math.max(1, limit.toSeconds()));
            running = statement;
            boolean isAnswer = statement.execute(script);
            while (isAnswer || statement.getUpdateCount() >= 0) {
                if (isAnswer) {
                    values.clear();
                    try (ResultSet rows = statement.getResultSet()) {
                        while (rows.next()) {
                            values.add(Objects.requireNonNullElse(rows.getString(1), ""));
                        }
                    }
                }
                isAnswer = statement.getMoreResults();
            }
            return values;
        } catch (SQLException e) {
            throw SqlFailures.explain(e, "script");
        } finally {
            running = null;
        }
    }

    private void limitNetwork(Duration limit) throws SQLException {
        long millis = Math.min(Integer.MAX_VALUE, limit.plus(NETWORK_SLACK).toMillis());
        connection.setNetworkTimeout(Runnable::run, (int) millis);
    }

    /** Ends the session. A session that is lost already is closed without complaint. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            if (!SqlFailures.isLoss(e)) {
                throw SqlFailures.explain(e, "the end of the session");
            }
        }
    }

    private static void closeQuietly(Connection connection, Exception reason) {
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
