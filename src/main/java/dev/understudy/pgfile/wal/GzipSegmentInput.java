package dev.understudy.pgfile.wal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A segment in a gzip file. Reading on is cheap; going back starts over. */
final class GzipSegmentInput implements SegmentInput {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path file;
    private final String name;
    private InputStream stream;
    private long streamPosition;

    GzipSegmentInput(Path file) throws IOException {
        this.file = file;
        this.name = String.valueOf(file.getFileName());
        this.stream = open(file);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream compressed = Files.newInputStream(file);
        try {
            return new GZIPInputStream(compressed, BUFFER_BYTES);
        } catch (EOFException e) {
            // A receiver that was cut short at the very start leaves less than a gzip header.
            return compressed;
        } catch (IOException e) {
            compressed.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPartial() {
        return name.contains(".partial");
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        if (position < streamPosition) {
            stream.close();
            stream = open(file);
            streamPosition = 0;
        }
        try {
            while (streamPosition < position) {
                long skipped = stream.skip(position - streamPosition);
                if (skipped <= 0) {
                    return 0;
                }
                streamPosition += skipped;
            }
            return readHere(into, offset, length);
        } catch (EOFException e) {
            // The compressed file was cut short; what could be read was given.
            return 0;
        }
    }

    private int readHere(byte[] into, int offset, int length) throws IOException {
        int total = 0;
        while (total < length) {
            int count;
            try {
                count = stream.read(into, offset + total, length - total);
            } catch (EOFException e) {
                break;
            }
            if (count < 0) {
                break;
            }
            total += count;
            streamPosition += count;
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
