package dev.understudy.host.posix;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Memory for an output of bounded size; one byte more is an error. */
public final class BoundedOutput extends OutputStream {
    /** What {@link dev.understudy.host.CommandResult#output()} holds at most, in bytes. */
    public static final int COMMAND_OUTPUT_LIMIT = 16 << 20;

    private final int limit;
    private byte[] bytes = new byte[0];
    private int count;

    public BoundedOutput(int limit) {
        this.limit = limit;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        if (length > limit - count) {
            throw new TooLarge(limit);
        }
        if (count + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(8192L, 2L * (count + length))));
        }
        System.arraycopy(source, offset, bytes, count, length);
        count += length;
    }

    public synchronized byte[] toByteArray() {
        return Arrays.copyOf(bytes, count);
    }

    /** Says that the limit was passed. */
    public static final class TooLarge extends IOException {
        TooLarge(int limit) {
            super("more than " + limit + " bytes");
        }
    }
}
