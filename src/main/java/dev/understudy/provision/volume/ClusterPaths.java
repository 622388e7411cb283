package dev.understudy.provision.volume;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The directories of a database cluster, as its server has them.
 *
 * @param dataDirectory the data directory
 * @param walDirectory of the WAL, by the name the major has for it; empty if the plan gives the clone another
 * @param tablespaces location by name, those outside of the data directory
 * @param configuration files outside of the data directory, by setting
 */
public record ClusterPaths(
        String dataDirectory,
        Optional<String> walDirectory,
        Map<String, String> tablespaces,
        Map<String, String> configuration) {
    public ClusterPaths {
        tablespaces = Map.copyOf(tablespaces);
        configuration = Map.copyOf(configuration);
    }

    /** What has to be in the snapshots: path by what it is, the data directory first. */
    Map<String, String> needed() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("data directory", dataDirectory);
        walDirectory.ifPresent(path -> paths.put("WAL directory", path));
        tablespaces.keySet().stream()
                .sorted()
                .forEach(name -> paths.put("tablespace \"" + name + "\"", tablespaces.get(name)));
        return paths;
    }
}
