package dev.understudy.promotion.gather;

import dev.understudy.pgfile.control.ControlSizes;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Judges the pages of relation files as their bytes pass. A page that is being written looks wrong for a moment, and so
 * does one of a file that is being cut short: what fails is read again, and only what stays wrong is bad.
 */
final class PageJudge implements PieceReceiver {
    private static final int BATCH_PAGES = 64;
    private static final int ATTEMPTS = 6;
    private static final long PAUSE_NANOS = 50_000_000L;

    /** Of a file that is nothing but noise, the first tell enough. */
    private static final int MOST_SUSPECTS = 200;

    private static final int MOST_SHOWN = 20;

    private record Suspect(int file, long block, PageFailure failure) {}

    private final FileTable files;
    private final int segmentBlocks;
    private final int pageBytes;
    private final PageChecker checker;
    private final byte[] batch;
    private final List<Suspect> suspects = new ArrayList<>();
    private int file;
    private int first;
    private long block;
    private int filled;
    private long pages;

    PageJudge(FileTable files, ControlSizes sizes) {
        this.files = files;
        this.segmentBlocks = sizes.relationSegmentBlocks();
        this.pageBytes = sizes.blockSize();
        this.checker = new PageChecker(pageBytes);
        this.batch = new byte[BATCH_PAGES * pageBytes];
    }

    @Override
    public void begin(Piece piece) {
        file = piece.file();
        first = firstBlock(file);
        block = piece.offset() / pageBytes;
        filled = 0;
    }

    @Override
    public void accept(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int count = Math.min(batch.length - filled, bytes.remaining());
            bytes.get(batch, filled, count);
            filled += count;
            if (filled == batch.length) {
                judge();
            }
        }
    }

    /** Part of a page at the end of a file is not judged: the server is making the file longer. */
    @Override
    public void end() {
        judge();
    }

    @Override
    public void vanished(Piece piece) {
        // Dropped while this went on.
        filled = 0;
    }

    private void judge() {
        int count = filled / pageBytes;
        for (PageFailure failure : checker.check(batch, 0, count, first + (int) block)) {
            if (suspects.size() < MOST_SUSPECTS) {
                suspects.add(new Suspect(file, Integer.toUnsignedLong(failure.blockNumber() - first), failure));
            }
        }
        pages += count;
        block += count;
        filled = 0;
    }

    private int firstBlock(int number) {
        return RelationFile.find(files.path(number)).orElseThrow().firstBlock(segmentBlocks);
    }

    long pages() {
        return pages;
    }

    /** Those of the suspects that are wrong however often they are read, for people. */
    List<String> stillWrong(SourceReader reader) {
        List<String> bad = new ArrayList<>();
        for (Suspect suspect : suspects) {
            if (bad.size() < MOST_SHOWN && staysWrong(reader, suspect)) {
                bad.add("%s, block %d: checksum %d, expected %d"
                        .formatted(
                                files.path(suspect.file()),
                                suspect.block(),
                                suspect.failure().found(),
                                suspect.failure().computed()));
            }
        }
        return bad;
    }

    private boolean staysWrong(SourceReader reader, Suspect suspect) {
        Piece piece = Piece.range(suspect.file(), suspect.block() * pageBytes, pageBytes);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            OnePage page = new OnePage(pageBytes);
            reader.read(files, List.of(piece), page);
            int number = firstBlock(suspect.file()) + (int) suspect.block();
            boolean whole = page.bytes.position() == pageBytes;
            if (!whole || checker.check(page.bytes.array(), 0, 1, number).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Keeps one page. */
    private static final class OnePage implements PieceReceiver {
        private final ByteBuffer bytes;

        OnePage(int pageBytes) {
            this.bytes = ByteBuffer.allocate(pageBytes);
        }

        @Override
        public void begin(Piece piece) {
            bytes.clear();
        }

        @Override
        public void accept(ByteBuffer more) {
            bytes.put(more);
        }

        @Override
        public void end() {}

        @Override
        public void vanished(Piece piece) {
            bytes.clear();
        }
    }
}
