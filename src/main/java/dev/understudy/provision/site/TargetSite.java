package dev.understudy.provision.site;

import dev.understudy.host.Host;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the standby is built.
 *
 * @param login the machine as whoever logged in there
 * @param host the same machine as the account that the server will run as; files are made through it
 * @param dataDirectory absolute path of the new data directory
 * @param binDirectory directory of the server programs, if the plan gives one
 * @param port the standby's port, if the plan gives one
 * @param socketDirectory its Unix socket directory, if the plan gives one
 * @param walDirectory where its WAL lies if outside of the data directory
 * @param tablespaces new location by old location
 */
public record TargetSite(
        Host login,
        Host host,
        String dataDirectory,
        Optional<String> binDirectory,
        OptionalInt port,
        Optional<String> socketDirectory,
        Optional<String> walDirectory,
        Map<String, String> tablespaces) {
    public TargetSite {
        tablespaces = Map.copyOf(tablespaces);
    }

    /** A path inside the data directory. */
    public String path(String relative) {
        return dataDirectory + "/" + relative;
    }

    /** How people name the target: host and directory. */
    public String display() {
        return host.isLocal() ? dataDirectory : host.name() + dataDirectory;
    }
}
