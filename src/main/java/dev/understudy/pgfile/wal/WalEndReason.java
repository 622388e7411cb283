package dev.understudy.pgfile.wal;

import java.util.Locale;

/** Why a reading of WAL ended. */
public enum WalEndReason {
    /** Zeroes where the next record would begin: nothing was written after here. */
    ZEROES(true),
    /** A page of an earlier use of a recycled segment: nothing was written from here on. */
    RECYCLED_PAGE(true),
    /** A record goes on in a file that is not there. */
    RECORD_CONTINUES(true),
    /** The last record is whole, and the file that would come next is not there. */
    FILE_MISSING(true),
    /** The end that the caller set was reached. */
    LIMIT(true),
    /** The file of a segment that was still being received ends. */
    PARTIAL_FILE_END(true),
    /** A file is shorter than a segment. */
    FILE_TRUNCATED(false),
    /** A record's length cannot be. */
    RECORD_LENGTH_INVALID(false),
    /** A record names a resource manager that does not exist. */
    RESOURCE_MANAGER_INVALID(false),
    /** A record does not point back to the record before it. */
    PREV_LINK_WRONG(false),
    /** A record does not match its checksum. */
    CRC_WRONG(false),
    /** A page does not start as this version's WAL pages do. */
    MAGIC_WRONG(false),
    /** A page's flags or header cannot be. */
    PAGE_HEADER_INVALID(false),
    /** A segment belongs to another database cluster. */
    FOREIGN_SYSTEM(false),
    /** A page's timeline is not one that can come here. */
    TIMELINE_WRONG(false),
    /** A record's continuation on the next page does not fit it. */
    CONTINUATION_WRONG(false);

    private final boolean ordinary;

    WalEndReason(boolean ordinary) {
        this.ordinary = ordinary;
    }

    /** Whether WAL simply ends here; otherwise something is broken. */
    public boolean isOrdinary() {
        return ordinary;
    }

    /** The word in JSON: {@code zeroes}, {@code recycled-page}, {@code crc-wrong}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
