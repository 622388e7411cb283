package dev.understudy.transfer.files;

import dev.understudy.postgres.Oid;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the parts of the new data directory lie on the target's machine.
 *
 * @param dataDirectory absolute path
 * @param tablespaces absolute path of each tablespace that lies outside of the data directory
 * @param walDirectory absolute path of the WAL directory where it lies elsewhere
 * @param walName name of the WAL directory in the data directory: {@code pg_wal}, up to 9.6 {@code pg_xlog}
 */
public record TargetLayout(
        String dataDirectory, Map<Oid, String> tablespaces, Optional<String> walDirectory, String walName) {
    /** The pending name of pg_control: a data directory that has only this one cannot be started. */
    public static final String PENDING_CONTROL_FILE = "global/pg_control.understudy";

    public static final String CONTROL_FILE = "global/pg_control";
    public static final String TABLESPACES = "pg_tblspc";

    public TargetLayout {
        tablespaces = Map.copyOf(tablespaces);
    }

    /** All in one directory. */
    public static TargetLayout of(String dataDirectory) {
        return new TargetLayout(dataDirectory, Map.of(), Optional.empty(), "pg_wal");
    }

    /** Links in the data directory by their relative path, and where each leads. */
    public Map<String, String> links() {
        Map<String, String> links = new TreeMap<>();
        tablespaces.forEach((oid, location) -> links.put(TABLESPACES + "/" + oid, location));
        walDirectory.ifPresent(path -> links.put(walName, path));
        return links;
    }

    /** Directories by the prefix of the relative paths below them, {@code ""} for the data directory. */
    public Map<String, String> roots() {
        Map<String, String> roots = new TreeMap<>(links());
        roots.put("", dataDirectory);
        return roots;
    }
}
