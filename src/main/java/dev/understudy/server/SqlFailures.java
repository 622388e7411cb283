package dev.understudy.server;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Turns a failed statement into an error with a code. */
final class SqlFailures {
    /** The server ended the session: shutdown, crash, idle_session_timeout, idle-in-transaction, transaction_timeout. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

    private SqlFailures() {}

    /** Whether the session is gone, so that nothing can be asked of it any more. */
    static boolean isLoss(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return state.startsWith("08") || ENDED.contains(state);
    }

    static UnderstudyException explain(SQLException failure, String what) {
        if (isLoss(failure)) {
            return error(
                            ErrorCode.SESSION_LOST,
                            timedOut(failure)
                                    ? "no answer from the server to " + what
                                    : "lost the session with the server",
                            failure)
                    .hint("See the server's log, and whether the server and the network in between are up.")
                    .build();
        }
        return switch (String.valueOf(failure.getSQLState())) {
            case "57014" ->
                error(ErrorCode.QUERY_TIMED_OUT, "cancelled " + what, failure).build();
            case "42501" ->
                error(ErrorCode.PRIVILEGE_MISSING, "no permission for " + what, failure)
                        .build();
            default ->
                error(ErrorCode.QUERY_FAILED, "could not run " + what, failure).build();
        };
    }

    private static UnderstudyException.Builder error(ErrorCode code, String problem, SQLException failure) {
        ServerErrorMessage server = failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
        UnderstudyException.Builder error =
                UnderstudyException.of(code, "%s", problem).cause(failure);
        if (server == null) {
            return error.detail("%s", String.valueOf(failure.getMessage()));
        }
        String detail = server.getDetail();
        error.detail("%s%s", String.valueOf(server.getMessage()), detail == null ? "" : " (" + detail + ")");
        String hint = server.getHint();
        return hint == null ? error : error.hint("%s", hint);
    }

    private static boolean timedOut(SQLException failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
