package dev.understudy.pgfile.directory;

/** What a copy of a data directory does with one of its entries. */
public enum CopyDecision {
    /** Take it along; look into a directory. */
    COPY,
    /** Take it along after everything else: pg_control. */
    COPY_LAST,
    /** Make the directory, and do not look into it. */
    DIRECTORY_ONLY,
    /** Leave it out, with all that is in it. */
    SKIP
}
