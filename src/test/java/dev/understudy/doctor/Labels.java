package dev.understudy.doctor;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Labels of backups that the server itself hands out. */
final class Labels {
    private Labels() {}

    /** Something done while a backup is under way. */
    @FunctionalInterface
    interface Deed {
        void run() throws IOException;
    }

    /** Takes a non-exclusive backup from start to stop, and returns the label that belongs to what was copied meanwhile. */
    static String online(EmbeddedPostgres primary, Deed meanwhile) throws IOException {
        ServerMajor major = primary.major();
        try (Connection session = primary.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SELECT " + start(major));
            meanwhile.run();
            String stop = major.isAtLeast(ServerMajor.V15)
                    ? "pg_backup_stop(false)"
                    : major.isAtLeast(ServerMajor.V10) ? "pg_stop_backup(false, false)" : "pg_stop_backup(false)";
            try (ResultSet row = statement.executeQuery("SELECT labelfile FROM " + stop)) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The call that starts a backup which ends with its session. */
    static String start(ServerMajor major) {
        return major.isAtLeast(ServerMajor.V15)
                ? "pg_backup_start('by hand', true)"
                : "pg_start_backup('by hand', true, false)";
    }
}
