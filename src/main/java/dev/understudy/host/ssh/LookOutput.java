package dev.understudy.host.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes what a shell that stays writes to its standard output, and hands each look's part on to whoever asked. A look's
 * part ends with a line of its mark and its status; the shell writes nothing after it before it is asked again, so the
 * line is recognised by being the last thing that came.
 */
final class LookOutput extends OutputStream {
    /** A mark, a blank, a status, a line end. */
    private static final int LONGEST_END = SshShell.MARK_LENGTH + 5;

    private static final int WAIT_MILLIS = 20;

    private final byte[] held = new byte[LONGEST_END];
    private int count;
    private byte[] mark = new byte[0];
    private OutputStream target = OutputStream.nullOutputStream();
    private int status = -1;

    /** A new look begins. */
    synchronized void begin(String wanted, OutputStream output) {
        mark = wanted.getBytes(StandardCharsets.US_ASCII);
        target = output;
        count = 0;
        status = -1;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** All but the last bytes goes on at once: they may be the end of it. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int passed = Math.max(0, count + length - held.length);
        int fromHeld = Math.min(count, passed);
        target.write(held, 0, fromHeld);
        System.arraycopy(held, fromHeld, held, 0, count - fromHeld);
        count -= fromHeld;
        int fromBytes = passed - fromHeld;
        target.write(bytes, offset, fromBytes);
        System.arraycopy(bytes, offset + fromBytes, held, count, length - fromBytes);
        count += length - fromBytes;
        findEnd();
    }

    private void findEnd() throws IOException {
        if (status >= 0 || count == 0 || held[count - 1] != '\n') {
            return;
        }
        int blank = count - 2;
        int found = 0;
        for (int digit = 1; blank > 0 && held[blank] >= '0' && held[blank] <= '9'; digit *= 10) {
            found += digit * (held[blank--] - '0');
        }
        int start = blank - mark.length;
        if (blank == count - 2 || start < 0 || held[blank] != ' ' || !isMark(start)) {
            return;
        }
        target.write(held, 0, start);
        target = OutputStream.nullOutputStream();
        status = found;
        notifyAll();
    }

    private boolean isMark(int start) {
        for (int at = 0; at < mark.length; at++) {
            if (held[start + at] != mark[at]) {
                return false;
            }
        }
        return true;
    }

    /** The status of the look once it has ended; else waits a little and gives -1. */
    synchronized int awaitStatus() throws InterruptedException {
        if (status < 0) {
            wait(WAIT_MILLIS);
        }
        return status;
    }

    /** Nothing is handed on any more. */
    synchronized void abandon() {
        target = OutputStream.nullOutputStream();
    }
}
