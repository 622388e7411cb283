package dev.understudy.host.posix;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last 64 KiB of what is written to it. */
public final class TailOutput extends OutputStream {
    private static final int SIZE = 64 << 10;

    private final byte[] ring = new byte[SIZE];
    private long total;

    @Override
    public synchronized void write(int b) {
        ring[(int) (total++ % SIZE)] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) {
        for (int i = Math.max(0, length - SIZE); i < length; i++) {
            write(source[offset + i]);
        }
    }

    /** What is kept, as UTF-8 text. */
    public synchronized String text() {
        int length = (int) Math.min(total, SIZE);
        byte[] tail = new byte[length];
        for (int i = 0; i < length; i++) {
            tail[i] = ring[(int) ((total - length + i) % SIZE)];
        }
        return new String(tail, StandardCharsets.UTF_8);
    }
}
