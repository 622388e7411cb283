package dev.understudy.transfer.route;

import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.transfer.files.SourceListing;

/** The data directory that is copied. */
public interface Source extends AutoCloseable {
    /** The route's name in reports: {@code local}, {@code ssh} or {@code sql}. */
    String via();

    /** For messages: {@code primary "ssh://…"}. */
    String describe();

    /**
     * Lists what a copy takes along. Must be called after the backup was started: the sizes seen are the least that the copy
     * must have.
     *
     * @param rules what is copied, by the major version
     * @param liveness called often; what it throws ends the listing
     */
    SourceListing list(CopyRules rules, Runnable liveness);

    /** A reader with connections of its own, for one worker. */
    SourceReader open();

    @Override
    void close();
}
