package dev.understudy.transfer.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.PieceReceiver;
import dev.understudy.transfer.route.SourceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads files of this machine through one buffer that stays in the processor's cache, and can be written directly. */
final class LocalReader implements SourceReader {
    /** Measured: 128 kB to 512 kB are alike for reading, larger ones fall out of the second-level cache. */
    private static final int BUFFER_BYTES = 512 << 10;

    private final LocalRoots roots;
    private final String side;
    private final ByteBuffer buffer = StretchOutput.aligned(BUFFER_BYTES);

    LocalReader(Map<String, Path> roots, String side) {
        this.roots = new LocalRoots(roots);
        this.side = side;
    }

    @Override
    public void read(FileTable files, List<Piece> pieces, PieceReceiver receiver) {
        for (Piece piece : pieces) {
            String path = files.path(piece.file());
            try (FileChannel channel = roots.open(path, Set.of(StandardOpenOption.READ))) {
                receiver.begin(piece);
                push(channel, piece, receiver, path);
                receiver.end();
            } catch (NoSuchFileException gone) {
                receiver.vanished(piece);
            } catch (IOException failure) {
                throw unreadable(path, failure);
            }
        }
    }

    private void push(FileChannel channel, Piece piece, PieceReceiver receiver, String path) {
        long position = piece.offset();
        long end = piece.offset() + piece.limit();
        while (position < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            int count = readAt(channel, position, path);
            if (count <= 0) {
                return;
            }
            position += count;
            boolean ended = buffer.hasRemaining() && position >= piece.end();
            receiver.accept(buffer.flip());
            if (ended) {
                return; // A short reading behind what was listed is the end: no need to ask again.
            }
        }
    }

    private int readAt(FileChannel channel, long position, String path) {
        try {
            return channel.read(buffer, position);
        } catch (IOException failure) {
            throw unreadable(path, failure);
        }
    }

    private UnderstudyException unreadable(String path, IOException failure) {
        return UnderstudyException.of(
                        ErrorCode.SOURCE_UNREADABLE,
                        "could not read file \"%s\" of the %s",
                        RelativePath.printable(path),
                        side)
                .detail("%s", LocalErrors.reason(failure))
                .cause(failure)
                .build();
    }

    /** Not asked for: the sink compares while it writes, which reads each side once. */
    @Override
    public List<byte[]> hash(FileTable files, List<Piece> pieces) {
        throw new UnsupportedOperationException("the local route compares directly");
    }

    @Override
    public Digest digest() {
        return Digest.DIRECT;
    }

    @Override
    public byte[] readControlFile() {
        byte[] contents = new byte[8192];
        String path = TargetLayout.CONTROL_FILE;
        try (FileChannel channel = roots.open(path, Set.of(StandardOpenOption.READ))) {
            ByteBuffer whole = ByteBuffer.wrap(contents);
            while (whole.hasRemaining() && channel.read(whole) > 0) {
                // Goes on until the file's end.
            }
            return Arrays.copyOf(contents, whole.position());
        } catch (IOException failure) {
            throw unreadable(path, failure);
        }
    }

    @Override
    public void close() {
        roots.close();
    }
}
