package dev.understudy.transfer.files;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.Tablespace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells where each tablespace goes: where a mapping {@code OLD=NEW} sends it, else to the same path. */
public final class TablespaceMapping {
    private TablespaceMapping() {}

    /**
     * The new locations.
     *
     * @param tablespaces those of the primary
     * @param mapping new locations by old ones, absolute paths
     * @param dataDirectory the standby's, in which no tablespace may lie
     * @throws UnderstudyException {@link ErrorCode#TABLESPACE_MAPPING_INVALID}
     */
    public static Map<Oid, String> of(List<Tablespace> tablespaces, Map<String, String> mapping, String dataDirectory) {
        Map<Oid, String> locations = new HashMap<>();
        Set<String> unused = new HashSet<>(mapping.keySet());
        Set<String> taken = new HashSet<>();
        for (Tablespace tablespace : tablespaces) {
            unused.remove(tablespace.location());
            String location = mapping.getOrDefault(tablespace.location(), tablespace.location());
            check(location, dataDirectory);
            if (!taken.add(Path.of(location).normalize().toString())) {
                throw invalid("two tablespaces would share directory \"%s\"", location);
            }
            locations.put(tablespace.oid(), location);
        }
        if (!unused.isEmpty()) {
            throw invalid(
                    "the primary has no tablespace at \"%s\"", unused.iterator().next());
        }
        return locations;
    }

    private static void check(String location, String dataDirectory) {
        Path path = Path.of(location).normalize();
        Path data = Path.of(dataDirectory).normalize();
        if (!path.isAbsolute()) {
            throw invalid("tablespace directory \"%s\" is not an absolute path", location);
        }
        if (path.startsWith(data) || data.startsWith(path)) {
            throw invalid("tablespace directory \"%s\" and the data directory lie in each other", location);
        }
    }

    private static UnderstudyException invalid(String message, String argument) {
        return UnderstudyException.of(ErrorCode.TABLESPACE_MAPPING_INVALID, "%s", message.replace("%s", argument))
                .build();
    }
}
