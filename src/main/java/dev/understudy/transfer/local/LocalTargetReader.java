package dev.understudy.transfer.local;

import dev.understudy.transfer.route.TargetReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what the target has. */
final class LocalTargetReader implements TargetReader {
    private static final int BUFFER_BYTES = 256 << 10;

    private final LocalSink sink;
    private final LocalRoots roots;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    LocalTargetReader(LocalSink sink) {
        this.sink = sink;
        this.roots = sink.openRoots();
    }

    @Override
    public long read(String path, long offset, long length, Consumer<ByteBuffer> receiver) {
        try (FileChannel channel = roots.open(path, Set.of(StandardOpenOption.READ))) {
            long position = offset;
            while (position < offset + length) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), offset + length - position));
                int count = channel.read(buffer, position);
                if (count <= 0) {
                    break;
                }
                position += count;
                receiver.accept(buffer.flip());
            }
            return position - offset;
        } catch (NoSuchFileException gone) {
            return -1;
        } catch (IOException failure) {
            throw sink.failure(failure, "could not read", path);
        }
    }

    @Override
    public void close() {
        roots.close();
    }
}
