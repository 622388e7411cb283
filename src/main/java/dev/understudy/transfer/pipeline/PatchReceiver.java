package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SinkWriter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes stretches of files in place. The target is scanned again afterwards, so nothing is checked here. */
final class PatchReceiver implements PieceReceiver {
    private final CopyContext context;
    private final SinkWriter writer;
    private final Set<Integer> vanished = new HashSet<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private @Nullable Piece piece;
    private long received;

    PatchReceiver(CopyContext context, SinkWriter writer) {
        this.context = context;
        this.writer = writer;
    }

    @Override
    public void begin(Piece begun) {
        piece = begun;
        received = 0;
        String path = context.listing.files().path(begun.file());
        writer.begin(path, begun.offset(), context.listing.fileMode(begun.file()), false);
    }

    @Override
    public void accept(ByteBuffer bytes) {
        context.beforeChunk(bytes.remaining());
        received += bytes.remaining();
        context.progress(0, writer.write(bytes), "");
    }

    @Override
    public void end() {
        writer.end();
        Piece ended = piece;
        if (ended != null && received < ended.length()) {
            ends.merge(ended.file(), ended.offset() + received, Math::min);
        }
    }

    @Override
    public void vanished(Piece gone) {
        vanished.add(gone.file());
    }

    boolean hasVanished(int file) {
        return vanished.contains(file);
    }

    /** Where the source's file was found to end; beyond every offset if it was not. */
    long end(int file) {
        return ends.getOrDefault(file, Long.MAX_VALUE);
    }
}
