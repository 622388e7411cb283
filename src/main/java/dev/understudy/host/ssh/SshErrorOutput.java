package dev.understudy.host.ssh;

import dev.understudy.host.posix.TailOutput;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Standard error of a remote command. Its first own line tells the process id, which killing needs; what stands before
 * that came from start-up files of the log-in shell and is dropped.
 */
final class SshErrorOutput extends OutputStream {
    static final String MARK = "understudy-pid ";

    private static final int WAIT_MILLIS = 20;

    private TailOutput tail = new TailOutput();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile long pid;

    /** The first line of a script. */
    static String announcement() {
        return "echo \"" + MARK + "$$\" >&2; ";
    }

    @Override
    public synchronized void write(int b) {
        notifyAll();
        if (pid != 0) {
            tail.write(b);
            return;
        }
        if (b != '\n') {
            line.write(b);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        int at = text.lastIndexOf(MARK);
        if (at >= 0 && text.substring(at + MARK.length()).matches("[0-9]{1,18}")) {
            tail = new TailOutput();
            pid = Long.parseLong(text.substring(at + MARK.length()));
        } else {
            line.write('\n');
            tail.write(line.toByteArray(), 0, line.size());
        }
        line.reset();
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        notifyAll();
        int i = offset;
        while (i < offset + length && pid == 0) {
            write(bytes[i++]);
        }
        tail.write(bytes, i, offset + length - i);
    }

    OptionalLong pid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /**
     * Takes what was written up to a line that says {@code mark}, once that line is the last; else waits a little.
     *
     * @return empty if the line has not come
     */
    synchronized Optional<String> takeUntil(String mark) throws InterruptedException {
        String text = tail.text();
        if (pid == 0 || !text.endsWith(mark + "\n")) {
            wait(WAIT_MILLIS);
            return Optional.empty();
        }
        tail = new TailOutput();
        return Optional.of(text.substring(0, text.length() - mark.length() - 1));
    }

    synchronized String text() {
        return tail.text() + line.toString(StandardCharsets.UTF_8);
    }
}
