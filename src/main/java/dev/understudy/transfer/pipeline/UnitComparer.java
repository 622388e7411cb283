package dev.understudy.transfer.pipeline;

import dev.understudy.pgfile.Crc32c;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.SourceReader;
import dev.understudy.transfer.route.SourceReader.Digest;
import dev.understudy.transfer.route.TargetHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings one unit of a target to the source's state, transferring as little as the route allows: by comparing digests of
 * both sides, long stretches first and shorter ones where those differ; or, where reading the source costs no more than
 * hashing it, the bytes themselves. Size and time of a file are never trusted.
 */
final class UnitComparer implements AutoCloseable {
    private final CopyContext context;
    private final FileTable target;
    private final SourceReader reader;
    private final SinkWriter writer;
    private final Executor executor;
    private final Digest digest;
    private final SourceScan sourceScan;
    private final @Nullable TargetHasher hasher;
    private final @Nullable TargetScan targetScan;

    /** @param executor runs what the target's side does meanwhile */
    UnitComparer(
            CopyContext context,
            FileTable target,
            Sink sink,
            SourceReader reader,
            SinkWriter writer,
            Executor executor) {
        this.context = context;
        this.target = target;
        this.reader = reader;
        this.writer = writer;
        this.executor = executor;
        boolean whole = target.count() == 0 || reader.digest().isDirect() && writer.writeOnlyDifferences();
        this.hasher = whole ? null : sink.hasher().orElse(null);
        this.digest = digest(reader.digest(), hasher);
        this.targetScan = whole ? null : targetScan(sink);
        this.sourceScan = SourceScan.of(context, reader, digest);
    }

    /** Stretches that are worth a digest on both sides. */
    private static Digest digest(Digest source, @Nullable TargetHasher hasher) {
        if (hasher == null) {
            return source.isDirect() ? new Digest("SHA-256", 0, 0) : source;
        }
        return new Digest(
                source.isDirect() ? "SHA-256" : source.algorithm(),
                Math.max(source.coarseBytes(), hasher.coarseBytes()),
                Math.max(source.fineBytes(), hasher.fineBytes()));
    }

    private @Nullable TargetScan targetScan(Sink sink) {
        TargetHasher hashes = hasher;
        if (hashes != null) {
            return new HashedTarget(context, hashes, digest.algorithm());
        }
        FileTable files = context.listing.files();
        return sink.reader()
                .map(each -> new StretchScan.Scanner(
                        context,
                        (stretch, receiver) ->
                                each.read(files.path(stretch.file()), stretch.offset(), stretch.length(), receiver),
                        digest.algorithm(),
                        each::close))
                .orElse(null);
    }

    /** Hashes finished files of the target; null where that is never necessary. */
    @Nullable
    TargetHasher hasher() {
        return hasher;
    }

    void process(CopyUnit unit, UnitCopier copier) {
        TargetScan scan = targetScan;
        if (scan == null) {
            copier.copy(unit.pieces());
            return;
        }
        List<Piece> afresh = new ArrayList<>();
        List<PieceComparison> compared = new ArrayList<>();
        for (Piece piece : unit.pieces()) {
            if (target.find(context.listing.files().path(piece.file())) < 0) {
                afresh.add(piece);
            } else {
                compared.add(new PieceComparison(piece, digest.coarseBytes()));
            }
        }
        compare(compared, scan, copier, afresh);
        if (!afresh.isEmpty()) {
            copier.copy(afresh);
        }
    }

    private void compare(List<PieceComparison> pieces, TargetScan scan, UnitCopier copier, List<Piece> afresh) {
        List<Piece> stretches =
                pieces.stream().flatMap(piece -> piece.stretches().stream()).toList();
        Compared compared = hashBoth(stretches, scan, true);
        int at = 0;
        for (PieceComparison piece : pieces) {
            int end = at + piece.stretches().size();
            piece.compare(compared.source().subList(at, end), compared.target().subList(at, end));
            at = end;
        }
        List<PieceComparison> patched = new ArrayList<>();
        for (PieceComparison piece : pieces) {
            if (piece.hasVanished()) {
                settleVanished(piece.piece(), copier);
            } else if (piece.isShort() && !piece.differing().isEmpty()) {
                afresh.add(piece.piece());
            } else {
                patched.add(piece);
            }
        }
        patch(patched, scan, copier);
    }

    private void settleVanished(Piece piece, UnitCopier copier) {
        context.progress(piece.length(), 0, "");
        copier.vanished(piece);
    }

    /** Transfers what differs of large pieces, and settles all of them. */
    private void patch(List<PieceComparison> pieces, TargetScan scan, UnitCopier copier) {
        List<Piece> differing =
                pieces.stream().flatMap(piece -> piece.differing().stream()).toList();
        PatchReceiver patches = new PatchReceiver(context, writer, !scan.readsBytes());
        if (!differing.isEmpty()) {
            List<Piece> narrowed = narrow(differing, scan);
            if (!narrowed.isEmpty()) {
                reader.read(context.listing.files(), narrowed, patches);
                writer.settle();
            }
        }
        for (PieceComparison piece : pieces) {
            int file = piece.piece().file();
            if (patches.hasVanished(file)) {
                settleVanished(piece.piece(), copier);
                continue;
            }
            piece.rescan(patches.end(file), scan::rescan);
            piece.addSuspects(patches.suspects(file));
            countPages(piece, patches.pages(file), scan);
            context.progress(piece.piece().length(), 0, "");
            copier.settleChecked(piece.outcome(digest.algorithm()));
        }
    }

    /** Where neither side was read, only the pages that were transferred are checked. */
    private void countPages(PieceComparison piece, long transferred, TargetScan scan) {
        if (scan.readsBytes() || sourceScan.readsBytes()) {
            return;
        }
        context.pagesChecked.add(transferred);
        String path = context.listing.files().path(piece.piece().file());
        if (context.pages.firstBlock(path).isPresent()) {
            context.pagesNotChecked.add(piece.length() / context.pages.pageBytes() - transferred);
        }
    }

    /** Looks closer at stretches that differ. */
    private List<Piece> narrow(List<Piece> differing, TargetScan scan) {
        if (digest.fineBytes() >= digest.coarseBytes()) {
            return Pieces.joined(differing);
        }
        List<Piece> fine = differing.stream()
                .flatMap(stretch -> Pieces.cut(stretch, digest.fineBytes()).stream())
                .toList();
        Compared compared = hashBoth(fine, scan, false);
        List<Piece> narrowed = new ArrayList<>();
        for (int stretch = 0; stretch < fine.size(); stretch++) {
            byte[] source = compared.source().get(stretch).digest();
            if (!Arrays.equals(source, compared.target().get(stretch).digest())) {
                narrowed.add(fine.get(stretch));
            }
        }
        return Pieces.joined(narrowed);
    }

    private record Compared(List<StretchScan> source, List<StretchScan> target) {}

    /** Both sides hash at the same time. */
    private Compared hashBoth(List<Piece> stretches, TargetScan scan, boolean coarse) {
        context.checkAlive();
        CompletableFuture<List<StretchScan>> there =
                CompletableFuture.supplyAsync(() -> scan.scan(stretches, coarse), executor);
        List<StretchScan> source;
        try {
            source = sourceScan.scan(stretches, coarse);
        } finally {
            // The scanner must be at rest before anyone uses it again, whatever became of the source.
            there.handle((scans, failure) -> failure).join();
        }
        try {
            return new Compared(source, there.join());
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : new CancellationException();
        }
    }

    @Override
    public void close() {
        if (targetScan != null) {
            targetScan.close();
        }
    }

    /** Joins checksums of neighbours. */
    static int combined(List<StretchScan> scans) {
        int checksum = 0;
        for (StretchScan scan : scans) {
            checksum = Crc32c.combine(checksum, scan.checksum(), scan.length());
        }
        return checksum;
    }
}
