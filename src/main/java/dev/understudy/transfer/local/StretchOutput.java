package dev.understudy.transfer.local;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one stretch of a file after the other to the disk. Short stretches are gathered and written at once,
 * through the page cache. Long ones go past it to the device, if the file system lets them: this takes a quarter of the
 * processor's time, leaves nothing for the flush at the end, and does not push out of memory what the primary needs there.
 *
 * <p>Both ways may be mixed in one file; the kernel keeps them coherent.
 */
final class StretchOutput implements AutoCloseable {
    /** A multiple of the blocks of every disk and file system. */
    private static final int BLOCK_BYTES = 4096;

    /** Measured: from 256 kB on, longer writes gain little with several workers. */
    private static final int BUFFER_BYTES = 512 << 10;

    private static final int DIRECT_FROM_BYTES = 128 << 10;

    private final LocalSink sink;
    private final LocalRoots roots;
    private final ByteBuffer gathered = aligned(BUFFER_BYTES);
    private @Nullable FileChannel cached;
    private @Nullable FileChannel direct;
    private String path = "";
    private long position;

    StretchOutput(LocalSink sink, LocalRoots roots) {
        this.sink = sink;
        this.roots = roots;
    }

    /** A buffer outside of the heap that begins at a block's boundary in memory, as direct writing needs it. */
    static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BLOCK_BYTES - 1)
                .alignedSlice(BLOCK_BYTES)
                .limit(bytes)
                .slice();
    }

    /** @param channel the file, open for writing through the page cache */
    void begin(FileChannel channel, String file, long offset) {
        closeDirect();
        gathered.clear();
        cached = channel;
        path = file;
        position = offset;
    }

    /** Takes all remaining bytes. */
    void write(ByteBuffer bytes) throws IOException {
        if (gathered.position() == 0 && isWholeBlocks(bytes)) {
            writeLong(bytes);
            return;
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), gathered.remaining());
            gathered.put(gathered.position(), bytes, bytes.position(), count);
            gathered.position(gathered.position() + count);
            bytes.position(bytes.position() + count);
            if (!gathered.hasRemaining()) {
                drain();
            }
        }
    }

    private static boolean isWholeBlocks(ByteBuffer bytes) {
        return bytes.isDirect()
                && bytes.remaining() >= DIRECT_FROM_BYTES
                && bytes.remaining() % BLOCK_BYTES == 0
                && bytes.alignmentOffset(bytes.position(), BLOCK_BYTES) == 0;
    }

    /** The stretch is over. */
    void end() throws IOException {
        drain();
        closeDirect();
    }

    private void drain() throws IOException {
        int end = gathered.flip().limit();
        int blocks = end - end % BLOCK_BYTES;
        if (blocks >= DIRECT_FROM_BYTES || blocks > 0 && direct != null) {
            writeLong(gathered.limit(blocks));
        }
        writeCached(gathered.limit(end));
        gathered.clear();
    }

    private void writeLong(ByteBuffer blocks) throws IOException {
        if (position % BLOCK_BYTES == 0 && sink.writesDirectly()) {
            try {
                writeDirect(blocks);
            } catch (IOException | UnsupportedOperationException refused) {
                // Some file systems cannot; and what is wrong with the disk is told better by an ordinary write.
                sink.writeThroughCache();
                closeDirect();
            }
        }
        writeCached(blocks);
    }

    private void writeDirect(ByteBuffer blocks) throws IOException {
        FileChannel to = direct;
        if (to == null) {
            to = roots.open(path, Set.of(StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
            direct = to;
        }
        while (blocks.hasRemaining()) {
            position += to.write(blocks, position);
        }
    }

    private void writeCached(ByteBuffer bytes) throws IOException {
        FileChannel to = cached;
        if (to == null) {
            throw new IllegalStateException("bytes outside of a stretch");
        }
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
    }

    private void closeDirect() {
        FileChannel open = direct;
        direct = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException failure) {
                throw sink.failure(failure, "could not close", path);
            }
        }
    }

    @Override
    public void close() {
        closeDirect();
    }
}
