package dev.understudy.transfer.files;

import dev.understudy.postgres.Tablespace;
import java.util.List;

/**
 * What a source has, as a copy takes it along.
 *
 * @param files the regular files to be copied, without {@code global/pg_control}; those of a tablespace below {@code
 *     pg_tblspc/OID/}
 * @param directories relative paths of all directories to be made, parents first; {@code pg_tblspc/OID} of a tablespace
 *     outside the data directory is not among them
 * @param tablespaces those outside of the data directory
 * @param groupAccess whether the data directory lets its group read (mode 0750, PostgreSQL 11 and later)
 * @param warnings what was left out though it is no part of what is always left out, a sentence each
 */
public record SourceListing(
        FileTable files,
        List<String> directories,
        List<Tablespace> tablespaces,
        boolean groupAccess,
        List<String> warnings) {
    public SourceListing {
        directories = List.copyOf(directories);
        tablespaces = List.copyOf(tablespaces);
        warnings = List.copyOf(warnings);
    }

    /** Mode of the data directory and all directories below. */
    public int directoryMode() {
        return groupAccess ? 0750 : 0700;
    }

    /**
     * Mode of a file in the target: never more than PostgreSQL gives its own files, and less where the source has less, so
     * that a private key stays one.
     */
    public int fileMode(int file) {
        int most = groupAccess ? 0640 : 0600;
        int known = files.mode(file);
        if (known < 0) {
            return files.name(file).endsWith(".key") ? 0600 : most;
        }
        return known & most | 0600;
    }
}
