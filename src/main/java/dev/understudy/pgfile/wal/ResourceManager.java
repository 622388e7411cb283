package dev.understudy.pgfile.wal;

import java.util.List;

/**
 * Names of resource managers, the parts of PostgreSQL that write WAL records, as {@code pg_waldump} prints them. The
 * list has been the same from 9.6 to 18; 15 added the range for extensions.
 *
 * <p>Source: {@code src/include/access/rmgrlist.h}; {@code custom_rmgr} names in {@code src/bin/pg_waldump/rmgrdesc.c}.
 */
public final class ResourceManager {
    /** Number of the manager of checkpoints, backup ends and switches. */
    public static final int XLOG = 0;

    /** Number of the manager of logical messages. */
    public static final int LOGICAL_MESSAGE = 21;

    private static final int FIRST_CUSTOM = 128;
    private static final List<String> NAMES = List.of(
            "XLOG",
            "Transaction",
            "Storage",
            "CLOG",
            "Database",
            "Tablespace",
            "MultiXact",
            "RelMap",
            "Standby",
            "Heap2",
            "Heap",
            "Btree",
            "Hash",
            "Gin",
            "Gist",
            "Sequence",
            "SPGist",
            "BRIN",
            "CommitTs",
            "ReplicationOrigin",
            "Generic",
            "LogicalMessage");

    private ResourceManager() {}

    /** Whether a record can have this number, 0 to 255. */
    static boolean isValid(int number) {
        return number < NAMES.size() || number >= FIRST_CUSTOM;
    }

    public static String nameOf(int number) {
        return number < NAMES.size() ? NAMES.get(number) : "custom%03d".formatted(number);
    }
}
