package dev.understudy.pgfile.directory;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.ServerMajor;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of a data directory a base backup takes along, for one major version: what pg_basebackup takes, less the source's
 * own recovery signals, since a standby gets its own.
 *
 * <p>Paths are relative to the data directory, with slashes, without a slash at either end; tablespaces are seen through
 * {@code pg_tblspc}.
 *
 * <p>Source: {@code excludeDirContents}, {@code excludeFiles} and {@code sendDir} in
 * {@code src/backend/backup/basebackup.c}.
 */
public final class CopyRules {
    /** Directories whose contents mean nothing to a copy, in every major. */
    private static final Set<String> EMPTIED = Set.of(
            "pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");

    /** Files at the top that belong to the running server, to another backup, or to the source's own recovery. */
    private static final Set<String> SKIPPED_AT_TOP = Set.of(
            "backup_manifest",
            "current_logfiles.tmp",
            "postgresql.auto.conf.tmp",
            "postmaster.opts",
            "postmaster.pid",
            "recovery.conf",
            "recovery.signal",
            "standby.signal",
            "understudy-start.log");

    private static final List<String> SKIPPED_AT_TOP_BEGINNINGS = List.of("backup_label", "tablespace_map");
    private static final List<String> SKIPPED_BEGINNINGS = List.of("pg_internal.init", "pgsql_tmp");
    private static final Pattern TABLESPACE_DIRECTORY = Pattern.compile("pg_tblspc/\\d+/[^/]+");

    private final String walDirectory;
    private final Set<String> emptied;
    private final String tablespaceDirectory;

    private CopyRules(FormatVersion version) {
        this.walDirectory = version.walDirectory();
        this.tablespaceDirectory = "PG_%s_%d".formatted(version.major(), version.catalogVersion());
        Set<String> directories = new HashSet<>(EMPTIED);
        directories.add(walDirectory + "/archive_status");
        if (version.major().isAtLeast(ServerMajor.V17)) {
            directories.add(walDirectory + "/summaries");
        }
        this.emptied = Set.copyOf(directories);
    }

    /** @throws UnderstudyException {@link ErrorCode#FORMAT_VERSION_UNKNOWN} */
    public static CopyRules of(ServerMajor major) {
        return new CopyRules(FormatVersion.of(major));
    }

    /** {@code pg_wal}, or {@code pg_xlog} before 10. */
    public String walDirectory() {
        return walDirectory;
    }

    /** Directories that a server of this major wants to find, though a copy brings nothing in them. */
    public Set<String> emptiedDirectories() {
        return emptied;
    }

    /** The directory inside each tablespace that belongs to this major: {@code PG_15_202209061}. */
    public String tablespaceVersionDirectory() {
        return tablespaceDirectory;
    }

    /**
     * What to do with an entry, by its name alone. Ask for directories before what is in them: what a skipped directory
     * holds is skipped too. Files of unlogged relations need {@link #unloggedRelations} besides.
     *
     * @param path of a file, directory or link
     * @throws UnderstudyException {@link ErrorCode#PATH_INVALID} if the path is not one inside the data directory
     */
    public CopyDecision decide(String path) {
        requireInside(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("global/pg_control")) {
            return CopyDecision.COPY_LAST;
        }
        if (emptied.contains(path)) {
            return CopyDecision.DIRECTORY_ONLY;
        }
        return isSkipped(path, name) || isInsideEmptied(path) ? CopyDecision.SKIP : CopyDecision.COPY;
    }

    private boolean isSkipped(String path, String name) {
        boolean top = path.equals(name);
        if (top && (SKIPPED_AT_TOP.contains(name) || beginsWithAny(name, SKIPPED_AT_TOP_BEGINNINGS))) {
            return true;
        }
        if (name.equals(".DS_Store") || beginsWithAny(name, SKIPPED_BEGINNINGS)) {
            return true;
        }
        if (TABLESPACE_DIRECTORY.matcher(path).matches() && !name.equals(tablespaceDirectory)) {
            // A tablespace's directory can serve clusters of other majors besides.
            return true;
        }
        return RelationFile.find(path).map(RelationFile::isTemporary).orElse(false);
    }

    private boolean isInsideEmptied(String path) {
        if (path.startsWith(walDirectory + "/")) {
            return true;
        }
        int slash = path.indexOf('/');
        return slash > 0 && emptied.contains(path.substring(0, slash));
    }

    private static boolean beginsWithAny(String name, List<String> beginnings) {
        return beginnings.stream().anyMatch(name::startsWith);
    }

    private static void requireInside(String path) {
        if (path.isEmpty() || path.startsWith("/") || ("/" + path + "/").contains("/../") || path.endsWith("/")) {
            throw UnderstudyException.of(ErrorCode.PATH_INVALID, "\"%s\" is not a path inside a data directory", path)
                    .build();
        }
    }

    /**
     * The unlogged relations among these files, told by their init forks. Their other forks are not copied: the server
     * makes them anew from the init fork at the end of recovery.
     *
     * @param paths paths of files, all those of one directory together; other files are passed over
     */
    public static Set<RelationFile> unloggedRelations(Collection<String> paths) {
        Set<RelationFile> unlogged = new HashSet<>();
        for (String path : paths) {
            if (path.endsWith("_init")) {
                RelationFile.find(path).ifPresent(file -> unlogged.add(file.relation()));
            }
        }
        return unlogged;
    }

    /** What to do with an entry, knowing the unlogged relations of its directory. */
    public CopyDecision decide(String path, Set<RelationFile> unloggedRelations) {
        CopyDecision decision = decide(path);
        if (decision != CopyDecision.COPY || unloggedRelations.isEmpty()) {
            return decision;
        }
        boolean skipped = RelationFile.find(path)
                .map(file -> file.fork() != Fork.INIT && unloggedRelations.contains(file.relation()))
                .orElse(false);
        return skipped ? CopyDecision.SKIP : CopyDecision.COPY;
    }

    /** Whether a file consists of pages with checksums, where the cluster has them. */
    public static boolean hasPageChecksums(String path) {
        return RelationFile.find(path).map(file -> !file.isTemporary()).orElse(false);
    }
}
