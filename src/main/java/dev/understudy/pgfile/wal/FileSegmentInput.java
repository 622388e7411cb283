package dev.understudy.pgfile.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A segment in a plain file. Read, not mapped: a mapped file that somebody shortens kills the reader. */
final class FileSegmentInput implements SegmentInput {
    private final String name;
    private final FileChannel channel;

    FileSegmentInput(Path file) throws IOException {
        this.name = String.valueOf(file.getFileName());
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPartial() {
        return name.endsWith(".partial");
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        int total = 0;
        while (total < length) {
            int count = channel.read(buffer, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
