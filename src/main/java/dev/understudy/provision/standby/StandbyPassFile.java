package dev.understudy.provision.standby;

import dev.understudy.server.connect.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The password file of the standby's own, so that the password stands in a file with mode 0600 rather than in a setting
 * that every superuser query shows: a line for each server that it may follow.
 */
final class StandbyPassFile {
    /** Inside the data directory, so that it goes where the standby goes. */
    static final String NAME = "understudy.pgpass";

    private StandbyPassFile() {}

    /** The lines for the WAL receiver's connection, whose database matches only {@code *}. */
    static byte[] contents(ReplicationConninfo replication) {
        String user = replication.conninfo().get("user").orElse("*");
        Set<String> lines = new LinkedHashSet<>();
        // The first line that fits counts, and a socket's fits any host.
        replication.endpoints().stream()
                .filter(endpoint -> !endpoint.isUnixSocket())
                .forEach(endpoint -> lines.add(line(endpoint.host(), endpoint, user)));
        replication.endpoints().stream()
                .filter(Endpoint::isUnixSocket)
                .forEach(endpoint -> lines.add(line("*", endpoint, user)));
        return String.join("", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static String line(String host, Endpoint endpoint, String user) {
        return endpoint.password().isEmpty()
                ? ""
                : String.join(
                                ":",
                                escape(host),
                                Integer.toString(endpoint.port()),
                                "*",
                                escape(user),
                                escape(endpoint.password()))
                        + "\n";
    }

    /** Source: {@code passwordFromFile} in {@code src/interfaces/libpq/fe-connect.c}. */
    private static String escape(String field) {
        return field.equals("*") ? field : field.replace("\\", "\\\\").replace(":", "\\:");
    }
}
