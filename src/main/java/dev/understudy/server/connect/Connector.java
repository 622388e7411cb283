package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;

/** Opens connections: endpoint after endpoint, as libpq does. */
public final class Connector {
    /** Failures that end the attempt at once; after any other one the next endpoint is tried. */
    private static final Set<ErrorCode> FINAL = Set.of(
            ErrorCode.CONNINFO_UNSUPPORTED,
            ErrorCode.DATABASE_MISSING,
            ErrorCode.HBA_REJECTS,
            ErrorCode.PASSWORD_MISSING,
            ErrorCode.PASSWORD_WRONG,
            ErrorCode.PEER_REJECTED,
            ErrorCode.ROLE_MISSING,
            ErrorCode.ROLE_NOT_REPLICATION);

    private Connector() {}

    /**
     * An open connection and where it goes.
     *
     * @param connection the driver's; auto-commit is on, blocking reads have no limit
     * @param endpoint the one that answered
     */
    public record Connected(Connection connection, Endpoint endpoint) {}

    /**
     * Connects to the first endpoint that answers and has the wanted session attributes.
     *
     * @throws UnderstudyException with a code of its own for each kind of failure; the last endpoint's if all failed
     */
    public static Connected connect(ResolvedConninfo conninfo, ConnectOptions options) {
        SessionAttributes wanted = SessionAttributes.of(conninfo.get("target_session_attrs"));
        List<Endpoint> endpoints = new ArrayList<>(conninfo.endpoints());
        if (conninfo.get("load_balance_hosts").equals("random")) {
            Collections.shuffle(endpoints);
        }
        List<UnderstudyException> failures = new ArrayList<>();
        for (SessionAttributes attributes : wanted.passes()) {
            failures.clear();
            for (Endpoint endpoint : endpoints) {
                try {
                    return connect(conninfo, endpoint, attributes, options);
                } catch (UnderstudyException e) {
                    if (FINAL.contains(e.code())) {
                        throw e;
                    }
                    failures.add(e);
                }
            }
        }
        throw failures.size() == 1 ? failures.get(0) : all(failures);
    }

    private static UnderstudyException all(List<UnderstudyException> failures) {
        UnderstudyException last = failures.get(failures.size() - 1);
        StringBuilder detail = new StringBuilder();
        for (UnderstudyException failure : failures) {
            detail.append(detail.length() == 0 ? "" : "\n\t").append(failure.message());
            detail.append(failure.detail().isEmpty() ? "" : ": " + failure.detail());
        }
        return UnderstudyException.of(last.code(), "could not connect to any of %d hosts", failures.size())
                .detail("%s", detail)
                .cause(last)
                .build();
    }

    private static Connected connect(
            ResolvedConninfo conninfo, Endpoint endpoint, SessionAttributes wanted, ConnectOptions options) {
        Properties properties = DriverProperties.of(conninfo, endpoint, options);
        try {
            Connection connection = new Driver().connect("jdbc:postgresql://", properties);
            if (connection == null) {
                throw new IllegalStateException("the driver does not take its own URL");
            }
            try {
                connection.setNetworkTimeout(Runnable::run, 0);
                check(connection, endpoint, wanted);
                return new Connected(connection, endpoint);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw ConnectionFailures.explain(e, conninfo, endpoint, options);
        }
    }

    private static void check(Connection connection, Endpoint endpoint, SessionAttributes wanted) throws SQLException {
        if (wanted == SessionAttributes.ANY) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery(),"
                        + " pg_catalog.current_setting('default_transaction_read_only')")) {
            row.next();
            if (!wanted.accepts(row.getBoolean(1), row.getString(2).equals("on"))) {
                throw UnderstudyException.of(
                                ErrorCode.SESSION_ATTRIBUTES_UNMET, "session %s is not %s", endpoint, wanted.printed())
                        .detail("The server is %s.", row.getBoolean(1) ? "a standby" : "not in recovery")
                        .hint("The connection string's target_session_attrs asks for it.")
                        .build();
            }
        }
    }
}
