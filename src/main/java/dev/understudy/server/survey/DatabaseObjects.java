package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What a database holds that goes on, begins or ends with the server that has become primary.
 *
 * @param database its name
 * @param extensions its extensions
 * @param libraries libraries of its functions
 * @param publications its publications
 * @param foreignServers its foreign servers
 * @param jobs jobs of the schedulers that keep theirs in tables here
 */
public record DatabaseObjects(
        String database,
        List<ExtensionUse> extensions,
        List<LibraryUse> libraries,
        List<String> publications,
        List<ForeignServer> foreignServers,
        Known<List<ScheduledJobs>> jobs) {
    public DatabaseObjects {
        extensions = List.copyOf(extensions);
        libraries = List.copyOf(libraries);
        publications = List.copyOf(publications);
        foreignServers = List.copyOf(foreignServers);
    }

    /** An extension of a database, in the version that the catalog says. */
    public record ExtensionUse(String name, String version) {}

    /**
     * A foreign server.
     *
     * @param wrapper its foreign-data wrapper
     * @param place where it is, as its options say: {@code host=db7 port=5433}; empty text if they do not
     */
    public record ForeignServer(String name, String wrapper, String place) {}

    /**
     * Jobs of one scheduler that are to run at the same place.
     *
     * @param scheduler {@code pg_cron}, {@code pg_timetable} or {@code pgAgent}
     * @param active how many are switched on
     * @param host the server that pg_cron connects to for them; empty text for one that it does not connect to
     * @param port its port; 0 where that is not told
     */
    public record ScheduledJobs(String scheduler, long active, String host, int port) {}
}
