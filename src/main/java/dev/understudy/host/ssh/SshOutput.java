package dev.understudy.host.ssh;

import com.jcraft.jsch.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where JSch's thread puts a command's standard output. It hands it on to the caller's stream, keeps what that stream
 * throws, and tells an end of file that the server sent from one that a lost connection looks like.
 */
final class SshOutput extends OutputStream {
    private final OutputStream target;
    private final Channel channel;
    private volatile boolean delivering;
    private volatile long lastNanos = System.nanoTime();
    private volatile @Nullable Throwable failure;
    private volatile boolean complete;
    private boolean closed;

    SshOutput(OutputStream target, Channel channel) {
        this.target = target;
        this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        delivering = true;
        try {
            target.write(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw new IOException("the output was not taken", e);
        } finally {
            lastNanos = System.nanoTime();
            delivering = false;
        }
    }

    /** JSch flushes after each packet; the caller's stream is flushed once, at the end. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        // JSch marks a channel as not connected before it closes its streams for want of a connection.
        if (channel.isConnected() && failure == null) {
            complete = true;
        }
        if (target instanceof Closing closing) {
            closing.end(complete);
        }
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }

    /** A target that wants to know of the end of the output. */
    interface Closing {
        /** @param complete whether the server sent the end; else the connection was lost, or the channel closed */
        void end(boolean complete);
    }

    boolean isDelivering() {
        return delivering;
    }

    boolean isComplete() {
        return complete;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    long silentNanos() {
        return delivering ? 0 : System.nanoTime() - lastNanos;
    }

    /** Waits a little; less once the end of the output has come, since the rest follows at once. */
    void pause() throws InterruptedException {
        synchronized (this) {
            if (!closed) {
                wait(20);
                return;
            }
        }
        TimeUnit.MICROSECONDS.sleep(100);
    }
}
