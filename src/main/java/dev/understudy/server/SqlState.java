package dev.understudy.server;

import dev.understudy.error.UnderstudyException;
import java.sql.SQLException;

/** The SQLSTATE behind an error. */
public final class SqlState {
    private SqlState() {}

    /** Five characters; empty if the error does not come from a statement. */
    public static String of(UnderstudyException error) {
        return error.getCause() instanceof SQLException cause && cause.getSQLState() != null ? cause.getSQLState() : "";
    }
}
