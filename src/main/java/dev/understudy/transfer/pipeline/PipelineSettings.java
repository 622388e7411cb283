package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;

/**
 * How a copy runs.
 *
 * @param workers how many units are worked on at once, at least 1
 * @param bytesPerSecond most bytes a second taken from the source over all workers, 0 for no limit
 * @param pages how pages are judged
 * @param liveness called between chunks by all workers and while waiting; what it throws ends the copy
 * @param targetListed what the target has already, to be compared rather than written anew; empty table for a full copy
 */
public record PipelineSettings(
        int workers, long bytesPerSecond, PageRules pages, Runnable liveness, FileTable targetListed) {
    public PipelineSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("a copy needs at least one worker, not " + workers);
        }
    }
}
