package dev.understudy.transfer;

import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.ListingBuilder.Kind;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** A source in memory whose files a test can change between listing and reading, and between two readings. */
final class FakeSource implements Source {
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    /** Called before each piece is read, with its path. */
    BiConsumer<String, Piece> beforeRead = (path, piece) -> {};

    @Override
    public String via() {
        return "fake";
    }

    @Override
    public String describe() {
        return "fake primary";
    }

    @Override
    public SourceListing list(CopyRules rules, Runnable liveness) {
        ListingBuilder listing = new ListingBuilder(rules, describe());
        listing.root(0750);
        listing.add("base", Kind.DIRECTORY, 0, 0, 0700, "");
        listing.add("base/5", Kind.DIRECTORY, 0, 0, 0700, "");
        files.forEach((path, bytes) -> listing.add(path, Kind.FILE, bytes.length, 1_600_000_000L, 0640, ""));
        return listing.build();
    }

    @Override
    public SourceReader open() {
        return new Reader();
    }

    @Override
    public void close() {}

    private final class Reader implements SourceReader {
        @Override
        public void read(FileTable table, List<Piece> pieces, PieceReceiver receiver) {
            for (Piece piece : pieces) {
                String path = table.path(piece.file());
                beforeRead.accept(path, piece);
                byte[] bytes = files.get(path);
                if (bytes == null) {
                    receiver.vanished(piece);
                    continue;
                }
                receiver.begin(piece);
                int from = (int) Math.min(bytes.length, piece.offset());
                int to = (int) Math.min(bytes.length, piece.offset() + piece.limit());
                for (int at = from; at < to; at += 100_003) {
                    receiver.accept(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, Math.min(to, at + 100_003))));
                }
                receiver.end();
            }
        }

        @Override
        public List<byte[]> hash(FileTable table, List<Piece> pieces) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Digest digest() {
            return Digest.DIRECT;
        }

        @Override
        public byte[] readControlFile() {
            return files.getOrDefault("global/pg_control", new byte[0]);
        }

        @Override
        public void close() {}
    }
}
