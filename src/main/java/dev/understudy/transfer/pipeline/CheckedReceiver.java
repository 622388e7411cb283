package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SinkWriter;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Sends the bytes of pieces on to a writer, and checks them on the way: checksum of the file, checksums of its pages. */
final class CheckedReceiver implements PieceReceiver {
    private final CopyContext context;
    private final SinkWriter writer;
    private final Consumer<PieceOutcome> outcomes;
    private final Consumer<Piece> missing;
    private final CRC32C crc = new CRC32C();
    private final PageScan scan;
    private @Nullable Current current;

    /** The piece being received. */
    private static final class Current {
        final Piece piece;
        final String path;
        long length;

        Current(Piece piece, String path) {
            this.piece = piece;
            this.path = path;
        }
    }

    /**
     * @param outcomes told of each piece when all its bytes are written
     * @param missing told of each piece whose file is gone
     */
    CheckedReceiver(CopyContext context, SinkWriter writer, Consumer<PieceOutcome> outcomes, Consumer<Piece> missing) {
        this.context = context;
        this.writer = writer;
        this.outcomes = outcomes;
        this.missing = missing;
        this.scan = new PageScan(context.pages);
    }

    @Override
    public void begin(Piece piece) {
        context.checkAlive();
        String path = context.listing.files().path(piece.file());
        writer.begin(path, piece.offset(), context.listing.fileMode(piece.file()), piece.whole());
        current = new Current(piece, path);
        scan.begin(path, piece.offset());
        crc.reset();
    }

    @Override
    public void accept(ByteBuffer bytes) {
        Current now = current();
        long room = now.piece.limit() - now.length;
        if (bytes.remaining() > room) {
            bytes.limit(bytes.position() + (int) room);
        }
        int count = bytes.remaining();
        context.beforeChunk(count);
        crc.update(bytes.duplicate());
        scan.update(bytes);
        long done = Math.max(0, Math.min(count, now.piece.length() - now.length));
        now.length += count;
        context.progress(done, writer.write(bytes), now.path);
    }

    @Override
    public void end() {
        Current now = current();
        writer.end();
        scan.end();
        context.pagesChecked.add(scan.pages());
        context.progress(Math.max(0, now.piece.length() - now.length), 0, now.path);
        current = null;
        outcomes.accept(PieceOutcome.of(now.piece, now.length, (int) crc.getValue(), scan.suspects()));
    }

    @Override
    public void vanished(Piece piece) {
        context.checkAlive();
        context.progress(piece.length(), 0, context.listing.files().path(piece.file()));
        missing.accept(piece);
    }

    private Current current() {
        if (current == null) {
            throw new IllegalStateException("bytes outside of a piece");
        }
        return current;
    }
}
