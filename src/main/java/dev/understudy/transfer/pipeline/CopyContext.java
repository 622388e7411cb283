package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.route.Source;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all workers of one copy share: listing, rules, limits, counters. */
final class CopyContext {
    private static final long REPORT_EVERY_NANOS = 100_000_000L;

    final Source source;
    final SourceListing listing;
    final PageRules pages;
    final CopyResults results;
    final LongAdder pagesChecked = new LongAdder();
    /** Pages with a checksum that was not looked at, because both sides hold the same and neither was read by us. */
    final LongAdder pagesNotChecked = new LongAdder();

    private final RateLimiter limiter;
    private final Runnable liveness;
    private final CopyListener listener;
    private final LongAdder bytesDone = new LongAdder();
    private final LongAdder bytesTransferred = new LongAdder();
    private final LongAdder filesDone = new LongAdder();
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime());
    private volatile boolean stopped;

    CopyContext(Source source, SourceListing listing, PipelineSettings settings, CopyListener listener) {
        this.source = source;
        this.listing = listing;
        this.pages = settings.pages();
        this.limiter = RateLimiter.of(settings.bytesPerSecond());
        this.liveness = settings.liveness();
        this.listener = listener;
        this.results = new CopyResults(listing.files());
    }

    /**
     * Called between chunks.
     *
     * @throws CancellationException if another worker failed
     */
    void checkAlive() {
        if (stopped) {
            throw new CancellationException("another worker of the copy failed");
        }
        liveness.run();
    }

    /** Called before a chunk of the source's bytes is taken. */
    void beforeChunk(long bytes) {
        checkAlive();
        limiter.acquire(bytes);
    }

    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    void progress(long done, long transferred, String path) {
        bytesDone.add(done);
        bytesTransferred.add(transferred);
        long now = System.nanoTime();
        long last = lastReport.get();
        if (now - last > REPORT_EVERY_NANOS && lastReport.compareAndSet(last, now)) {
            report(path);
        }
    }

    void fileDone() {
        filesDone.increment();
    }

    synchronized void report(String path) {
        listener.progress(new CopyProgress(
                bytesDone.sum(),
                listing.files().totalBytes(),
                bytesTransferred.sum(),
                filesDone.intValue(),
                listing.files().count(),
                path));
    }

    long bytesTransferred() {
        return bytesTransferred.sum();
    }
}
