package dev.understudy.host.posix;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A stream of parts, each with the same mark behind it. */
final class MarkedStream {
    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream input;
    private final byte[] mark;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;

    /** @param mark in ASCII, shorter than a buffer */
    MarkedStream(InputStream input, String mark) {
        this.input = input;
        this.mark = mark.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Copies what comes before the next mark, as it comes.
     *
     * @throws EOFException if the stream ends before the mark
     */
    void copyTo(OutputStream output) throws IOException {
        while (true) {
            int at = find();
            if (at >= 0) {
                output.write(buffer, start, at - start);
                start = at + mark.length;
                return;
            }
            // The last bytes may be the beginning of the mark.
            int certain = Math.max(0, end - start - mark.length + 1);
            output.write(buffer, start, certain);
            System.arraycopy(buffer, start + certain, buffer, 0, end - start - certain);
            end -= start + certain;
            start = 0;
            int count = input.read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new EOFException("ended before its mark");
            }
            end += count;
        }
    }

    private int find() {
        for (int i = start; i + mark.length <= end; i++) {
            if (buffer[i] == mark[0] && isMark(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isMark(int at) {
        for (int i = 1; i < mark.length; i++) {
            if (buffer[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
