package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import dev.understudy.provision.route.FilesAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The primary's files as a shell on its machine sees them.
 *
 * @param machine the machine
 * @param local whether that is this machine
 * @param readable empty if the account can read the files of the data directory; else why not
 * @param dataDirectory the data directory
 * @param walDirectory where pg_wal (pg_xlog) really is
 * @param leftovers names in the data directory that a running primary should not have, by what they mean
 * @param tablespaceRealPaths real path by location
 */
public record PrimaryFilesFacts(
        MachineFacts machine,
        boolean local,
        Optional<String> readable,
        Known<PathFacts> dataDirectory,
        Known<PathFacts> walDirectory,
        List<String> leftovers,
        Map<String, String> tablespaceRealPaths) {
    public PrimaryFilesFacts {
        leftovers = List.copyOf(leftovers);
        tablespaceRealPaths = Map.copyOf(tablespaceRealPaths);
    }

    /** What decides the route. */
    public FilesAccess access() {
        return new FilesAccess(machine.name(), local, readable);
    }
}
