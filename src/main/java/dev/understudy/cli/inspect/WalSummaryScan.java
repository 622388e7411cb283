package dev.understudy.cli.inspect;

import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Sums up WAL with a worker for each processor, each reading a run of whole segments. A worker reads one record beyond
 * its run, with its link back; if that is where the next worker began, the parts join without a gap. If not, all is read
 * again by one, which then meets the trouble itself.
 */
final class WalSummaryScan {
    /** Less than this is not worth another thread. */
    private static final int LEAST_WORKER_BYTES = 64 << 20;

    private static final int MOST_WORKERS = 8;

    private final WalSelection selection;
    private final Lsn from;
    private final Optional<Lsn> to;
    private final int mostWorkers;
    private final long leastBytes;

    WalSummaryScan(WalSelection selection, Lsn from, Optional<Lsn> to) {
        this(
                selection,
                from,
                to,
                Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()),
                LEAST_WORKER_BYTES);
    }

    WalSummaryScan(WalSelection selection, Lsn from, Optional<Lsn> to, int mostWorkers, long leastBytes) {
        this.selection = selection;
        this.from = from;
        this.to = to;
        this.mostWorkers = mostWorkers;
        this.leastBytes = leastBytes;
    }

    /** What one worker found: where it began, and the first record that is the next one's, or why there is none. */
    private record Part(
            WalSummary summary,
            @Nullable Lsn first,
            @Nullable Lsn next,
            @Nullable WalEnd end) {}

    WalSummary run() {
        List<Lsn> begins = begins();
        if (begins.size() > 1) {
            Optional<WalSummary> joined = join(readAll(begins));
            if (joined.isPresent()) {
                return joined.get();
            }
        }
        return read(from, Optional.empty()).summary();
    }

    private List<Lsn> begins() {
        Lsn last = selection.segments().get(selection.segments().size() - 1).end();
        Lsn end = to.filter(limit -> limit.isBefore(last)).orElse(last);
        long bytes = Math.max(0, end.minus(from));
        long workers = Math.min(mostWorkers, bytes / leastBytes);
        List<Lsn> begins = new ArrayList<>(List.of(from));
        for (long worker = 1; worker < workers; worker++) {
            long segment = selection.segmentSize().segmentNumber(from.plus(bytes / workers * worker));
            begins.add(new Lsn(segment * selection.segmentSize().bytes()));
        }
        return begins;
    }

    private List<Part> readAll(List<Lsn> begins) {
        ExecutorService workers = Executors.newFixedThreadPool(begins.size());
        try {
            List<CompletableFuture<Part>> parts = new ArrayList<>();
            for (int i = 0; i < begins.size(); i++) {
                Lsn begin = begins.get(i);
                Optional<Lsn> bound = i + 1 < begins.size() ? Optional.of(begins.get(i + 1)) : Optional.empty();
                parts.add(CompletableFuture.supplyAsync(() -> read(begin, bound), workers));
            }
            return parts.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            workers.shutdownNow();
        }
    }

    private Part read(Lsn begin, Optional<Lsn> bound) {
        WalSummary summary = new WalSummary();
        Lsn first = null;
        try (WalReader reader = selection.open()) {
            to.ifPresent(reader::limitTo);
            reader.seekFirstFrom(begin);
            long boundAddress = bound.map(Lsn::bytes).orElse(-1L);
            while (reader.next()) {
                if (first == null) {
                    first = reader.lsn();
                }
                if (Long.compareUnsigned(reader.address(), boundAddress) >= 0) {
                    return new Part(summary, first, reader.lsn(), null);
                }
                summary.add(reader);
            }
            summary.endAt(reader.end());
            return new Part(summary, first, null, reader.end());
        }
    }

    /** Empty if the parts do not join. */
    private static Optional<WalSummary> join(List<Part> parts) {
        WalSummary whole = new WalSummary();
        Part before = null;
        for (Part part : parts) {
            if (before != null && (before.next() == null || !before.next().equals(part.first()))) {
                return Optional.empty();
            }
            whole.addAll(part.summary());
            if (part.end() != null) {
                // WAL ends in this part; what the workers behind it saw is not joined to anything.
                whole.endAt(part.end());
                return Optional.of(whole);
            }
            before = part;
        }
        return Optional.empty();
    }
}
