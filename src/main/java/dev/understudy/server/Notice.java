package dev.understudy.server;

import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A message that the server sent besides its answer.
 *
 * @param severity as the server prints it: NOTICE, WARNING
 * @param message one line
 * @param detail empty if there is none
 * @param hint empty if there is none
 */
public record Notice(String severity, String message, String detail, String hint) {
    static List<Notice> chain(@Nullable SQLWarning first) {
        List<Notice> notices = new ArrayList<>();
        for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
            ServerErrorMessage server = each instanceof PSQLWarning warning ? warning.getServerErrorMessage() : null;
            notices.add(
                    server == null
                            ? new Notice("WARNING", String.valueOf(each.getMessage()), "", "")
                            : new Notice(
                                    text(server.getSeverity()),
                                    text(server.getMessage()),
                                    text(server.getDetail()),
                                    text(server.getHint())));
        }
        return notices;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** {@code WARNING: message}, as psql prints it. */
    @Override
    public String toString() {
        return severity + ": " + message + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
}
