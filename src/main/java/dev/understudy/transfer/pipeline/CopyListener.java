package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.SourceListing;

/** Hears of a copy while it runs. Called by several threads, one at a time. */
public interface CopyListener {
    /** A listener that ignores everything. */
    CopyListener NONE = new CopyListener() {};

    /** Called once, before anything is written: what the copy is going to make. */
    default void listed(SourceListing listing) {}

    /** Called several times a second at most, and once when all bytes are dealt with. */
    default void progress(CopyProgress progress) {}

    /** Something that the user should know though the copy goes on; also in the report. */
    default void warning(String sentence) {}
}
