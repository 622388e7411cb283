package dev.understudy.host.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A thread that moves one output of a process into a stream until its end. */
final class Pump {
    /**
     * How long an output may stay open and silent once the process itself has ended. A program that it left in the
     * background (a server, say) holds the pipe as long as it lives.
     */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InputStream source;
    private final OutputStream target;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean delivering;
    private volatile long moved;
    private volatile @Nullable Throwable failure;

    private Pump(InputStream source, OutputStream target) {
        this.source = source;
        this.target = target;
    }

    static Pump start(String name, InputStream source, OutputStream target) {
        Pump pump = new Pump(source, target);
        Thread thread = new Thread(pump::move, name);
        thread.setDaemon(true);
        thread.start();
        return pump;
    }

    /** Why the target did not take the bytes; null while all is well. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Waits, after the process has ended, until all that it wrote has been delivered. */
    void drain(long deadlineNanos) throws InterruptedException {
        long seen = moved;
        long silentSince = System.nanoTime();
        while (!done.await(20, TimeUnit.MILLISECONDS)) {
            long now = System.nanoTime();
            if (delivering || moved != seen) {
                seen = moved;
                silentSince = now;
            }
            if (now - silentSince > LINGER_NANOS || now - deadlineNanos > 0) {
                return;
            }
        }
    }

    boolean isDelivering() {
        return delivering;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever the target throws is the caller's to know, in the caller's thread
    private void move() {
        byte[] buffer = new byte[64 << 10];
        try {
            int length;
            while ((length = read(buffer)) > 0) {
                delivering = true;
                target.write(buffer, 0, length);
                delivering = false;
                moved += length;
            }
            target.flush();
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            delivering = false;
            done.countDown();
        }
    }

    /** An output that was closed under us, because its process was killed, is at its end. */
    private int read(byte[] buffer) {
        try {
            return source.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }
}
