package dev.understudy.transfer.sql;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.files.FileRange;
import dev.understudy.server.files.RangeDigest;
import dev.understudy.server.files.SqlFiles;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads a server's files through one session: many small ones in one query, long ones range by range. */
final class SqlReader implements SourceReader {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    /** Measured: ranges of 1 to 16 MB are alike, so the one that takes least memory. */
    private static final int RANGE_BYTES = 1 << 20;

    private static final int SMALL_BYTES = 256 << 10;
    private static final int BATCH_BYTES = 2 << 20;
    private static final int BATCH_FILES = 200;

    /**
     * Where a hundredth of the pages changed anywhere, one in thirteen stretches of 64 kB differs, but three in four of
     * 1 MB, which would all be hashed again page by page. Where little changed, the shorter stretches cost a fifth more.
     */
    private static final int COARSE_BYTES = 64 << 10;

    private static final int FINE_BYTES = 8192;
    private static final int HASHED_AT_ONCE = 4096;

    private final Session session;
    private final SqlFiles sqlFiles;
    private final String side;

    SqlReader(Session session, String side) {
        this.session = session;
        this.sqlFiles = new SqlFiles(session, LIMIT);
        this.side = side;
    }

    @Override
    public void read(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        List<Piece> batch = new ArrayList<>();
        long bytes = 0;
        for (Piece piece : pieces) {
            if (!piece.whole() || piece.length() > SMALL_BYTES) {
                readLong(files, piece, receiver);
                continue;
            }
            if (bytes + piece.length() > BATCH_BYTES || batch.size() == BATCH_FILES) {
                readBatch(files, batch, receiver);
                batch.clear();
                bytes = 0;
            }
            batch.add(piece);
            bytes += piece.length();
        }
        if (!batch.isEmpty()) {
            readBatch(files, batch, receiver);
        }
    }

    private void readBatch(FileTable files, List<Piece> batch, PieceReceiver receiver) {
        List<String> paths =
                batch.stream().map(piece -> files.path(piece.file())).toList();
        List<Optional<byte[]>> contents =
                guarded(paths.get(0), paths.size(), () -> sqlFiles.readAll(paths, SMALL_BYTES * 2));
        for (int file = 0; file < batch.size(); file++) {
            Piece piece = batch.get(file);
            Optional<byte[]> content = contents.get(file);
            if (content.isEmpty()) {
                receiver.vanished(piece);
                continue;
            }
            receiver.begin(piece);
            receiver.accept(ByteBuffer.wrap(content.get()));
            if (content.get().length == SMALL_BYTES * 2) {
                readOn(files.path(piece.file()), piece, content.get().length, receiver);
            }
            receiver.end();
        }
    }

    private void readLong(FileTable files, Piece piece, PieceReceiver receiver) {
        String path = files.path(piece.file());
        int first = (int) Math.min(RANGE_BYTES, piece.limit());
        Optional<byte[]> begun = read(path, piece.offset(), first);
        if (begun.isEmpty()) {
            receiver.vanished(piece);
            return;
        }
        receiver.begin(piece);
        receiver.accept(ByteBuffer.wrap(begun.get()));
        if (begun.get().length == first) {
            readOn(path, piece, first, receiver);
        }
        receiver.end();
    }

    private void readOn(String path, Piece piece, long done, PieceReceiver receiver) {
        for (long at = done; at < piece.limit(); ) {
            int count = (int) Math.min(RANGE_BYTES, piece.limit() - at);
            byte[] bytes = read(path, piece.offset() + at, count).orElse(new byte[0]);
            receiver.accept(ByteBuffer.wrap(bytes));
            if (bytes.length < count) {
                return;
            }
            at += count;
        }
    }

    private Optional<byte[]> read(String path, long offset, int count) {
        return guarded(path, 1, () -> sqlFiles.read(new FileRange(path, offset, count)));
    }

    @Override
    public List<byte[]> hash(FileTable files, List<Piece> pieces) {
        List<byte[]> digests = new ArrayList<>(pieces.size());
        for (int from = 0; from < pieces.size(); from += HASHED_AT_ONCE) {
            List<FileRange> ranges = pieces.subList(from, Math.min(pieces.size(), from + HASHED_AT_ONCE)).stream()
                    .map(piece -> new FileRange(files.path(piece.file()), piece.offset(), (int) piece.length()))
                    .toList();
            guarded(ranges.get(0).path(), ranges.size(), () -> sqlFiles.digest(ranges)).stream()
                    .map(digest -> digest.map(RangeDigest::digest).orElse(new byte[0]))
                    .forEach(digests::add);
        }
        return digests;
    }

    @Override
    public Digest digest() {
        return new Digest(sqlFiles.digestAlgorithm(), COARSE_BYTES, FINE_BYTES);
    }

    @Override
    public byte[] readControlFile() {
        return read(TargetLayout.CONTROL_FILE, 0, 8192)
                .orElseThrow(() -> unreadable(TargetLayout.CONTROL_FILE, 1)
                        .detail("It is not there.")
                        .build());
    }

    /** Says which file it was about when the server refuses; a lost session speaks for itself. */
    private <T> T guarded(String path, int count, Supplier<T> query) {
        try {
            return query.get();
        } catch (UnderstudyException failure) {
            if (failure.code() != ErrorCode.QUERY_FAILED) {
                throw failure;
            }
            throw unreadable(path, count)
                    .detail("%s", failure.detail().isEmpty() ? failure.message() : failure.detail())
                    .cause(failure)
                    .build();
        }
    }

    private UnderstudyException.Builder unreadable(String path, int count) {
        String others = count > 1 ? " or one of the %d read with it".formatted(count - 1) : "";
        return UnderstudyException.of(
                ErrorCode.SOURCE_UNREADABLE,
                "could not read file \"%s\"%s of the %s",
                RelativePath.printable(path),
                others,
                side);
    }

    @Override
    public void close() {
        session.close();
    }
}
