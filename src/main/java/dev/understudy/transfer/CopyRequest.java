package dev.understudy.transfer;

import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.transfer.pipeline.PageRules;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a copy shall do.
 *
 * @param form whether the target is new or has an older state to be compared
 * @param rules what is copied, by the major version
 * @param workers how many units are worked on at once, at least 1
 * @param bytesPerSecond most bytes a second taken from the source over all workers; 0 for no limit
 * @param pages how pages are judged; {@link PageRules#NONE} for a cluster without page checksums
 * @param aside where what the source does not have goes; it is removed where empty
 * @param keep relative paths in the target that are left as they are, with all below: such as {@code pg_wal} while WAL is
 *     being received into it
 * @param liveness called between chunks by every worker; what it throws ends the copy
 */
public record CopyRequest(
        Form form,
        CopyRules rules,
        int workers,
        long bytesPerSecond,
        PageRules pages,
        Optional<Aside> aside,
        Set<String> keep,
        Runnable liveness) {
    /**
     * What becomes of a target's older state.
     *
     * @param directory absolute path, on the target's machine, of a directory that takes what the source does not have
     * @param own whether a path's name tells that an earlier attempt made it: that is removed
     * @param keeper called with the path of a file that is there before it is changed for the first time, by several
     *     threads
     */
    public record Aside(String directory, Predicate<String> own, Consumer<String> keeper) {}

    /** Whether there is something to compare with. */
    public enum Form {
        /** The target's directories must be empty or missing. */
        FULL,
        /** The target has an older or half-made copy: whatever is right already is not transferred. */
        DELTA
    }

    public CopyRequest {
        keep = Set.copyOf(keep);
    }

    /** A full copy with as many workers, checking no pages, unlimited. */
    public static CopyRequest full(CopyRules rules, int workers) {
        return new CopyRequest(Form.FULL, rules, workers, 0, PageRules.NONE, Optional.empty(), Set.of(), () -> {});
    }

    public CopyRequest asDelta() {
        return new CopyRequest(Form.DELTA, rules, workers, bytesPerSecond, pages, aside, keep, liveness);
    }

    public CopyRequest withPages(PageRules pageRules) {
        return new CopyRequest(form, rules, workers, bytesPerSecond, pageRules, aside, keep, liveness);
    }

    public CopyRequest withRateLimit(long limit) {
        return new CopyRequest(form, rules, workers, limit, pages, aside, keep, liveness);
    }

    /** Sets everything aside that the source does not have. */
    public CopyRequest withAside(String directory) {
        return withAside(new Aside(directory, path -> false, path -> {}));
    }

    public CopyRequest withAside(Aside older) {
        return new CopyRequest(form, rules, workers, bytesPerSecond, pages, Optional.of(older), keep, liveness);
    }

    public CopyRequest withKeep(Set<String> paths) {
        return new CopyRequest(form, rules, workers, bytesPerSecond, pages, aside, paths, liveness);
    }

    public CopyRequest withLiveness(Runnable hook) {
        return new CopyRequest(form, rules, workers, bytesPerSecond, pages, aside, keep, hook);
    }
}
