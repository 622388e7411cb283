package dev.understudy.postgres;

import java.util.List;

/** The directory of WAL segments inside a data directory, which 10 gave another name. */
public final class WalDirectory {
    /** Its names, the newest first. */
    public static final List<String> NAMES = List.of("pg_wal", "pg_xlog");

    private WalDirectory() {}

    /** Its name on servers of a major. */
    public static String of(ServerMajor major) {
        return NAMES.get(major.isAtLeast(ServerMajor.V10) ? 0 : 1);
    }
}
