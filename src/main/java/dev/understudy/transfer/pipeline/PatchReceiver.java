package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SinkWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes stretches of files in place. Where the target is read again afterwards, its pages are checked then; where it only
 * hashes, they are checked here.
 */
final class PatchReceiver implements PieceReceiver {
    private final CopyContext context;
    private final SinkWriter writer;
    private final Set<Integer> vanished = new HashSet<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private final Map<Integer, List<PageScan.Suspect>> suspects = new HashMap<>();
    private final Map<Integer, Long> pages = new HashMap<>();
    private final PageScan scan;
    private final boolean checksPages;
    private @Nullable Piece piece;
    private long received;

    PatchReceiver(CopyContext context, SinkWriter writer, boolean checksPages) {
        this.checksPages = checksPages;
        this.scan = new PageScan(context.pages);
        this.context = context;
        this.writer = writer;
    }

    @Override
    public void begin(Piece begun) {
        piece = begun;
        received = 0;
        scan.begin(context.listing.files().path(begun.file()), begun.offset());
        String path = context.listing.files().path(begun.file());
        writer.begin(path, begun.offset(), context.listing.fileMode(begun.file()), false);
    }

    @Override
    public void accept(ByteBuffer bytes) {
        context.beforeChunk(bytes.remaining());
        received += bytes.remaining();
        if (checksPages) {
            scan.update(bytes);
        }
        context.progress(0, writer.write(bytes), "");
    }

    @Override
    public void end() {
        writer.end();
        Piece ended = piece;
        if (checksPages && ended != null) {
            scan.end();
            suspects.computeIfAbsent(ended.file(), file -> new ArrayList<>()).addAll(scan.suspects());
            pages.merge(ended.file(), scan.pages(), Long::sum);
        }
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

    /** Pages that fail. */
    List<PageScan.Suspect> suspects(int file) {
        return suspects.getOrDefault(file, List.of());
    }

    /** How many pages were checked here. */
    long pages(int file) {
        return pages.getOrDefault(file, 0L);
    }

    /** Where the source's file was found to end; beyond every offset if it was not. */
    long end(int file) {
        return ends.getOrDefault(file, Long.MAX_VALUE);
    }
}
