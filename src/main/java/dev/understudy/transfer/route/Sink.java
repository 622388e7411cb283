package dev.understudy.transfer.route;

import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The data directory that is made. */
public interface Sink extends AutoCloseable {
    /** For messages: {@code target "/srv/standby"}. */
    String describe();

    /** Where the target's parts lie. */
    TargetLayout layout();

    /** All that is in the target now, below each of its roots; an empty listing if there is no directory yet. */
    TargetListing list();

    /** Makes the target's roots and the links to them, where they are not there, and gives the roots their mode. */
    void makeRoots(SourceListing source);

    /** Makes directories below the roots, parents first; those that are there get their mode. */
    void makeDirectories(SourceListing source);

    /** Removes files, links, and directories with all below them, never following a link. */
    void remove(List<String> paths);

    /**
     * Moves files, links, and directories with all below them out of the target.
     *
     * @param aside absolute path of a directory that takes it, at the same relative path; where something has that place
     *     already, the directory with {@code .1} at its end, and so on
     */
    void setAside(List<String> paths, String aside);

    /**
     * Has somebody told of each file before its contents are changed or it is discarded, at least once, by whichever
     * writer does it.
     */
    void beforeChange(Consumer<String> listener);

    /** A writer for one worker. */
    SinkWriter open();

    /** Reads what is in the target; empty where this sink cannot, so that everything is written anew. */
    Optional<TargetReader> reader();

    /**
     * Hashes what is in the target, where reading it costs the network as much as writing it anew; empty where it does not.
     * What is asked of it must have been settled by its writer before.
     */
    default Optional<TargetHasher> hasher() {
        return Optional.empty();
    }

    /** Writes a small file whole and flushes it. */
    void writeFlushed(String path, byte[] contents, int mode);

    /** Flushes all files and directories of the target to disk. */
    void flush();

    /**
     * Takes a copy back: removes all that is below the roots, and those roots that the caller says the run made. Anything
     * outside of the roots, and whatever a link in them leads to, stays.
     *
     * @param madeRoots absolute paths
     */
    void removeAll(Set<String> madeRoots);

    @Override
    void close();
}
