package dev.understudy.provision.standby;

import dev.understudy.postgres.Conninfo;
import java.nio.charset.StandardCharsets;

/**
 * The one line of a password file of the standby's own, so that the password stands in a file with mode 0600 rather than
 * in a setting that every superuser query shows.
 */
final class PassFileEntry {
    /** Inside the data directory, so that it goes where the standby goes. */
    static final String FILE_NAME = "understudy.pgpass";

    private PassFileEntry() {}

    /** The line for the WAL receiver's connection, whose database matches only {@code *}. */
    static byte[] contents(Conninfo conninfo, String password) {
        String host = conninfo.get("host").orElse("*");
        String line = String.join(
                ":",
                escape(host.startsWith("/") ? "*" : host),
                escape(conninfo.get("port").orElse("*")),
                "*",
                escape(conninfo.get("user").orElse("*")),
                escape(password));
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Source: {@code passwordFromFile} in {@code src/interfaces/libpq/fe-connect.c}. */
    private static String escape(String field) {
        return field.equals("*") ? field : field.replace("\\", "\\\\").replace(":", "\\:");
    }
}
