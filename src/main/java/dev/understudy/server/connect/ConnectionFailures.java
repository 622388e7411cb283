package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Tells the reasons apart why a connection failed. It goes by SQLSTATE and by the name of the server's routine, since
 * messages before the log-in come in the server's own language.
 */
final class ConnectionFailures {
    private static final Pattern ADDRESS = Pattern.compile("\"([0-9A-Fa-f:]*[.:][0-9A-Fa-f.:%a-z]+)\"");

    private final SQLException failure;
    private final ResolvedConninfo conninfo;
    private final Endpoint endpoint;
    private final ConnectOptions options;

    private ConnectionFailures(
            SQLException failure, ResolvedConninfo conninfo, Endpoint endpoint, ConnectOptions options) {
        this.failure = failure;
        this.conninfo = conninfo;
        this.endpoint = endpoint;
        this.options = options;
    }

    static UnderstudyException explain(
            SQLException failure, ResolvedConninfo conninfo, Endpoint endpoint, ConnectOptions options) {
        ConnectionFailures failures = new ConnectionFailures(failure, conninfo, endpoint, options);
        ServerErrorMessage message = failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
        return message == null ? failures.ofDriver() : failures.ofServer(message);
    }

    private UnderstudyException ofServer(ServerErrorMessage server) {
        String routine = String.valueOf(server.getRoutine());
        return switch (String.valueOf(server.getSQLState())) {
            case "28P01" -> endpoint.password().isEmpty() ? passwordMissing() : passwordWrong();
            case "28000" ->
                routine.equals("ClientAuthentication")
                        ? notAdmitted(server)
                        : routine.equals("auth_failed") ? authenticationFailed() : roleRefused(server);
            case "3D000" ->
                error(ErrorCode.DATABASE_MISSING, "database \"" + conninfo.get("dbname") + "\" does not exist")
                        .hint("Name a database that exists with dbname=, for example dbname=postgres.")
                        .build();
            case "42501" ->
                error(ErrorCode.ROLE_NOT_REPLICATION, "role \"" + user() + "\" may not use replication")
                        .hint("Run: ALTER ROLE %s REPLICATION;", quoted(user()))
                        .build();
            case "53300" ->
                error(ErrorCode.TOO_MANY_CONNECTIONS, "too many connections to the server")
                        .hint("Wait for connections to end, or raise max_connections, max_wal_senders or the role's"
                                + " connection limit.")
                        .build();
            case "57P03" -> notAccepting(server);
            case "57P01", "57P02" -> shuttingDown();
            default ->
                error(ErrorCode.CONNECTION_FAILED, "could not connect to the server")
                        .build();
        };
    }

    private UnderstudyException passwordWrong() {
        return error(ErrorCode.PASSWORD_WRONG, "password authentication failed for role \"" + user() + "\"")
                .hint("Check the password in the connection string, PGPASSWORD or the password file, and that the role"
                        + " exists.")
                .build();
    }

    private UnderstudyException passwordMissing() {
        return error(ErrorCode.PASSWORD_MISSING, "no password for role \"" + user() + "\"")
                .hint("Give it in ~/.pgpass (mode 0600), PGPASSWORD or the connection string.")
                .build();
    }

    private UnderstudyException roleRefused(ServerErrorMessage server) {
        if (String.valueOf(server.getRoutine()).equals("InitializeSessionUserId")
                && !String.valueOf(server.getMessage()).contains("permitted to log in")) {
            return error(ErrorCode.ROLE_MISSING, "role \"" + user() + "\" does not exist")
                    .hint("Run: CREATE ROLE %s LOGIN REPLICATION PASSWORD '...';", quoted(user()))
                    .build();
        }
        return error(ErrorCode.ROLE_MISSING, "role \"" + user() + "\" may not log in")
                .hint("Run: ALTER ROLE %s LOGIN;", quoted(user()))
                .build();
    }

    private UnderstudyException notAdmitted(ServerErrorMessage server) {
        return error(ErrorCode.HBA_REJECTS, "pg_hba.conf does not admit role \"" + user() + "\"")
                .hint(
                        "Add this line to pg_hba.conf, before any line that rejects, and reload the server: %s",
                        hbaLine(String.valueOf(server.getMessage())))
                .build();
    }

    private String hbaLine(String message) {
        String database = options.replication() ? "replication" : hbaName(conninfo.get("dbname"));
        if (endpoint.isUnixSocket()) {
            return "local %s %s peer".formatted(database, hbaName(user()));
        }
        Matcher address = ADDRESS.matcher(message);
        String from = address.find() ? address.group(1).replaceFirst("%.*", "") : "ADDRESS";
        String mask = from.contains(":") ? "/128" : from.equals("ADDRESS") ? "" : "/32";
        return "host %s %s %s%s scram-sha-256".formatted(database, hbaName(user()), from, mask);
    }

    private static String hbaName(String name) {
        return name.matches("[a-z_][a-z0-9_]*") && !name.matches("all|replication|sameuser|samerole")
                ? name
                : quoted(name);
    }

    private UnderstudyException authenticationFailed() {
        if (endpoint.isUnixSocket()) {
            return error(ErrorCode.PEER_REJECTED, "peer authentication failed for role \"" + user() + "\"")
                    .hint("Run Understudy as the operating system user that pg_hba.conf maps to the role, or connect"
                            + " over TCP with a password.")
                    .build();
        }
        return error(ErrorCode.PASSWORD_WRONG, "authentication failed for role \"" + user() + "\"")
                .hint("See the server's log for the line of pg_hba.conf that was used.")
                .build();
    }

    private UnderstudyException notAccepting(ServerErrorMessage server) {
        if (String.valueOf(server.getMessage()).contains("shutting down")) {
            return shuttingDown();
        }
        return error(ErrorCode.SERVER_STARTING, "the server does not accept connections yet")
                .hint("Wait for it; its log tells what it is doing.")
                .build();
    }

    private UnderstudyException shuttingDown() {
        return error(ErrorCode.SERVER_SHUTTING_DOWN, "the server is shutting down")
                .hint("Start it again, or wait for whoever is restarting it.")
                .build();
    }

    private UnderstudyException ofDriver() {
        if (caused(UnknownHostException.class)) {
            return error(
                            ErrorCode.HOST_NOT_RESOLVED,
                            "could not translate host name \"" + endpoint.host() + "\" to address")
                    .hint("Check the spelling, and the name service of this machine.")
                    .build();
        }
        if (caused(SSLException.class) || messages().matches("(?s).*(SSL|hostnameverifier).*")) {
            return error(ErrorCode.TLS_MISMATCH, "could not agree with the server on TLS")
                    .hint(
                            "The connection string says sslmode=%s; compare it with ssl in postgresql.conf and the"
                                    + " certificates.",
                            conninfo.get("sslmode").isEmpty() ? "prefer" : conninfo.get("sslmode"))
                    .build();
        }
        if ("08004".equals(failure.getSQLState()) && messages().contains("password")) {
            return passwordMissing();
        }
        if (caused(SocketTimeoutException.class)) {
            return error(ErrorCode.SERVER_UNREACHABLE, "timed out connecting to the server")
                    .hint(
                            "Check that a server listens there, and firewalls in between; connect_timeout is %d s.",
                            DriverProperties.timeoutSeconds(conninfo, options))
                    .build();
        }
        if ("08001".equals(failure.getSQLState())) {
            return error(ErrorCode.SERVER_UNREACHABLE, "could not reach the server")
                    .hint(
                            endpoint.isUnixSocket()
                                    ? "Check that the server runs and has this directory in unix_socket_directories."
                                    : "Check that the server runs, and listens there (listen_addresses, port, firewall).")
                    .build();
        }
        return error(ErrorCode.CONNECTION_FAILED, "could not connect to the server")
                .build();
    }

    private UnderstudyException.Builder error(ErrorCode code, String problem) {
        return UnderstudyException.of(code, "%s %s", problem, endpoint)
                .detail("%s", detail())
                .cause(failure);
    }

    /** The server's or the network's own words. */
    private String detail() {
        ServerErrorMessage server = failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
        if (server != null) {
            String detail = server.getDetail();
            return server.getMessage() + (detail == null ? "" : " (" + detail + ")");
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root == failure ? "" : String.valueOf(root.getMessage());
        return text.isEmpty() || text.equals(failure.getMessage()) ? String.valueOf(failure.getMessage()) : text;
    }

    private String messages() {
        StringBuilder text = new StringBuilder();
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            text.append(each.getMessage()).append('\n');
        }
        return text.toString();
    }

    private boolean caused(Class<? extends Throwable> kind) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private String user() {
        return conninfo.get("user");
    }

    private static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
