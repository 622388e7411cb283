package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs the workers of one copy until all units are done or one fails. */
public final class Pipeline {
    private static final long LIVENESS_EVERY_MILLIS = 250;
    /** How long workers may take to notice that the copy is over before their connections are cut. */
    private static final long STOP_SECONDS = 5;

    private final Source source;
    private final Sink sink;
    private final PipelineSettings settings;
    private final CopyContext context;
    private final UnitPlanner planner;
    private final SplitFiles splits;
    private final ExecutorService scanners;
    private final ConcurrentLinkedQueue<AutoCloseable> connections = new ConcurrentLinkedQueue<>();

    public Pipeline(Source source, Sink sink, SourceListing listing, PipelineSettings settings, CopyListener listener) {
        this.source = source;
        this.sink = sink;
        this.settings = settings;
        this.context = new CopyContext(source, listing, settings, listener);
        this.planner = new UnitPlanner(listing.files());
        this.splits = new SplitFiles(context);
        AtomicInteger number = new AtomicInteger();
        this.scanners = Executors.newFixedThreadPool(
                settings.workers(), task -> new Thread(task, "scan-" + number.incrementAndGet()));
    }

    /**
     * What the workers did.
     *
     * @param inventory what the target has now
     * @param files files written or found right
     * @param bytesTransferred bytes written to the target
     * @param pagesChecked pages whose checksum was looked at
     * @param pagesNotChecked pages with a checksum that were found equal on both sides and not read
     */
    public record Outcome(
            TargetInventory inventory, int files, long bytesTransferred, long pagesChecked, long pagesNotChecked) {}

    /** Copies everything listed. The first failure ends all workers and is thrown. */
    public Outcome run() {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(
                settings.workers(), task -> new Thread(task, "copy-" + number.incrementAndGet()));
        try {
            CompletionService<Void> workers = new ExecutorCompletionService<>(threads);
            for (int worker = 0; worker < settings.workers(); worker++) {
                workers.submit(this::work, null);
            }
            await(workers);
        } finally {
            context.stop();
            shutDown(threads);
            scanners.shutdownNow();
        }
        context.report("");
        TargetInventory inventory = context.results.inventory();
        return new Outcome(
                inventory,
                inventory.files().count(),
                context.bytesTransferred(),
                context.pagesChecked.sum(),
                context.pagesNotChecked.sum());
    }

    private void await(CompletionService<Void> workers) {
        List<RuntimeException> failures = new ArrayList<>();
        for (int running = settings.workers(); running > 0 && failures.isEmpty(); ) {
            try {
                Future<Void> done = workers.poll(LIVENESS_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (done == null) {
                    settings.liveness().run();
                } else {
                    running--;
                    done.get();
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the copy was interrupted");
            } catch (ExecutionException failure) {
                failures.add(unchecked(failure.getCause()));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }

    private void work() {
        try (SourceReader reader = source.open();
                SinkWriter writer = sink.open();
                UnitComparer comparer =
                        new UnitComparer(context, settings.targetListed(), sink, reader, writer, scanners)) {
            connections.add(reader);
            connections.add(writer);
            connections.add(comparer);
            FileSums sums = new FileSums(context, writer, comparer.hasher());
            UnitCopier copier = new UnitCopier(context, splits, reader, writer, sums);
            for (Optional<CopyUnit> unit = planner.next();
                    unit.isPresent() && !context.isStopped();
                    unit = planner.next()) {
                comparer.process(unit.get(), copier);
                sums.flush();
            }
            writer.complete();
        }
    }

    private void shutDown(ExecutorService threads) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                connections.forEach(Pipeline::cut);
                threads.shutdownNow();
                threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException interrupt) {
            connections.forEach(Pipeline::cut);
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a connection under a worker that may wait on it; the copy has its first error already. */
    private static void cut(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception ignored) {
            // Nothing depends on it any more; the error that ended the copy is the one to tell.
        }
    }
}
