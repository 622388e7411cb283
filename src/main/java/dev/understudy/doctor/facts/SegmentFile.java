package dev.understudy.doctor.facts;

import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.postgres.Known;

/**
 * A file of a directory of WAL segments.
 *
 * @param segment the 24 digits of its name
 * @param file its whole name
 * @param compression {@code none}, {@code gzip}, {@code lz4} or {@code zstd}
 * @param partial whether it was still being received
 * @param sizeBytes size of the file as it is
 * @param header what its first page says; unknown if it was not looked at, or cannot be read as WAL
 */
public record SegmentFile(
        String segment, String file, String compression, boolean partial, long sizeBytes, Known<WalIdentity> header) {
    /** The reason for a header that nobody has looked at, since there were too many files. */
    public static final String SKIPPED = "not looked at";

    /** What a reason begins with if the file could not be read at all. */
    public static final String UNREADABLE = "could not";

    /** Whether the file was looked at and is not WAL. */
    public boolean isDamaged() {
        return !header.isKnown() && !isUnseen();
    }

    /** Whether nobody could look into the file, or nobody did. */
    public boolean isUnseen() {
        return header.reason().equals(SKIPPED) || header.reason().startsWith(UNREADABLE);
    }
}
