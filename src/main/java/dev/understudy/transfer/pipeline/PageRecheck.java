package dev.understudy.transfer.pipeline;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.SourceReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads pages again that looked wrong, as pg_basebackup does: the first reading may have met a write half done. A page that
 * is right now replaces the one in the target; one that stays wrong is corrupt.
 */
final class PageRecheck {
    private static final int ATTEMPTS = 5;
    private static final long PAUSE_NANOS = 20_000_000L;

    private final CopyContext context;
    private final SourceReader reader;
    private final SinkWriter writer;
    private final PageScan scan;
    private final int pageBytes;

    PageRecheck(CopyContext context, SourceReader reader, SinkWriter writer) {
        this.context = context;
        this.reader = reader;
        this.writer = writer;
        this.scan = new PageScan(context.pages);
        this.pageBytes = context.pages.pageBytes();
    }

    /**
     * The outcome with its suspects resolved and the checksum of what the target has then.
     *
     * @throws UnderstudyException {@link ErrorCode#PAGE_CORRUPT} for a page that stays wrong
     */
    PieceOutcome resolve(PieceOutcome outcome) {
        FileChecksum checksum = outcome.checksum();
        Piece piece = outcome.piece();
        String path = context.listing.files().path(piece.file());
        for (PageScan.Suspect suspect : outcome.suspects()) {
            ByteBuffer page = readAgain(piece.file(), path, suspect.offset());
            if (page.remaining() < pageBytes) {
                continue; // The file ends before it now: replay truncates the standby's as well.
            }
            int now = Crc32c.of(page.array(), 0, pageBytes);
            if (now != suspect.checksum()) {
                writer.patch(path, suspect.offset(), page, context.listing.fileMode(piece.file()));
            }
            if (checksum == null || !checksum.isCrc32c()) {
                checksum = null; // The file is hashed where it lies, with this page.
                continue;
            }
            // A CRC is linear: the difference of the pages, moved by the bytes after them, is that of the files.
            long after = piece.offset() + outcome.length() - suspect.offset() - pageBytes;
            int change = Crc32c.combine(now ^ suspect.checksum(), 0, after);
            checksum = FileChecksum.crc32c(checksum.crc32c() ^ change);
        }
        return new PieceOutcome(piece, outcome.length(), checksum, List.of());
    }

    private ByteBuffer readAgain(int file, String path, long offset) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            context.checkAlive();
            ByteBuffer page = readPage(file, offset);
            if (page.remaining() < pageBytes || scan.isAcceptable(path, offset, page.array())) {
                return page;
            }
        }
        throw corrupt(path, offset);
    }

    private ByteBuffer readPage(int file, long offset) {
        ByteBuffer page = ByteBuffer.allocate(pageBytes);
        reader.read(context.listing.files(), List.of(Piece.range(file, offset, pageBytes)), new PageReceiver(page));
        return page.flip();
    }

    private UnderstudyException corrupt(String path, long offset) {
        return UnderstudyException.of(
                        ErrorCode.PAGE_CORRUPT,
                        "page checksum verification failed in file \"%s\", block %d, on the %s",
                        RelativePath.printable(path),
                        offset / pageBytes,
                        context.source.describe())
                .detail("The file is of %s; the page was read %d times.", context.pages.describe(path), ATTEMPTS + 1)
                .hint("The source itself is damaged there; see what the page holds before anything else is done.")
                .build();
    }

    /** Keeps one page. */
    private record PageReceiver(ByteBuffer page) implements PieceReceiver {
        @Override
        public void begin(Piece piece) {
            page.clear();
        }

        @Override
        public void accept(ByteBuffer bytes) {
            page.put(bytes);
        }

        @Override
        public void end() {}

        @Override
        public void vanished(Piece piece) {
            page.clear();
        }
    }
}
