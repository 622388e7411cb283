package dev.understudy.server;

import dev.understudy.error.UnderstudyException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQLSTATE behind an error. */
public final class SqlState {
    private SqlState() {}

    /** Five characters; empty if the error does not come from a statement. */
    public static String of(UnderstudyException error) {
        for (@Nullable Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof SQLException failure && failure.getSQLState() != null) {
                return failure.getSQLState();
            }
        }
        return "";
    }

    /**
     * Whether a statement failed for something that is damaged or missing on disk, and not for a conflict with recovery, a
     * lock or a limit. Source: classes 58 and XX of {@code src/backend/utils/errcodes.txt}.
     */
    public static boolean isDamage(UnderstudyException error) {
        return of(error).startsWith("XX") || of(error).startsWith("58");
    }
}
