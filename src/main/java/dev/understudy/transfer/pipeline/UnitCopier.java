package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.SourceReader;
import java.util.ArrayList;
import java.util.List;

/** Copies pieces in full for one worker: read, check, write, settle. */
final class UnitCopier {
    private final CopyContext context;
    private final SplitFiles splits;
    private final SourceReader reader;
    private final SinkWriter writer;
    private final PageRecheck recheck;
    private final FileSums sums;
    private final List<PieceOutcome> doubtful = new ArrayList<>();

    UnitCopier(CopyContext context, SplitFiles splits, SourceReader reader, SinkWriter writer, FileSums sums) {
        this.context = context;
        this.splits = splits;
        this.reader = reader;
        this.writer = writer;
        this.sums = sums;
        this.recheck = new PageRecheck(context, reader, writer);
    }

    void copy(List<Piece> pieces) {
        reader.read(
                context.listing.files(), pieces, new CheckedReceiver(context, writer, this::received, this::vanished));
        doubtful.forEach(outcome -> settle(recheck.resolve(outcome)));
        doubtful.clear();
    }

    private void received(PieceOutcome outcome) {
        if (outcome.suspects().isEmpty()) {
            settle(outcome);
        } else {
            doubtful.add(outcome); // The reader is busy with the rest of the unit.
        }
    }

    /** A piece of the target is as it shall be, once its suspects are resolved. */
    void settleChecked(PieceOutcome outcome) {
        settle(outcome.suspects().isEmpty() ? outcome : recheck.resolve(outcome));
    }

    private void settle(PieceOutcome outcome) {
        Piece piece = outcome.piece();
        if (!piece.whole()) {
            writer.settle(); // Whoever brings the last piece builds upon this one.
            splits.complete(outcome, writer, sums);
            return;
        }
        FileTable files = context.listing.files();
        writer.finish(
                files.path(piece.file()),
                outcome.length(),
                context.listing.fileMode(piece.file()),
                files.modifiedSeconds(piece.file()));
        sums.finished(piece.file(), outcome.length(), outcome.checksum());
        context.fileDone();
    }

    void vanished(Piece piece) {
        if (!piece.whole()) {
            splits.vanished(piece.file(), writer, sums);
            return;
        }
        writer.discard(context.listing.files().path(piece.file()));
        context.results.vanished(piece.file());
        context.fileDone();
    }
}
