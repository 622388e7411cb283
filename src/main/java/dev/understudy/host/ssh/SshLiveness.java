package dev.understudy.host.ssh;

import com.jcraft.jsch.Session;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notices a network that went silent. JSch's own keepalives hang when a write hangs, and need a socket, which a jump does
 * not have; so the asking is done here, from a thread that may hang, and the judging from one that does not.
 */
final class SshLiveness {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ssh liveness");
        thread.setDaemon(true);
        return thread;
    });

    private final SshTransport transport;
    private final Session session;
    private final long intervalNanos;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long limitNanos;
    private volatile boolean ready;
    private volatile boolean lost;
    private volatile long askedNanos = System.nanoTime();

    private SshLiveness(SshTransport transport, Session session, Duration interval, Duration limit) {
        this.transport = transport;
        this.session = session;
        this.intervalNanos = interval.toNanos();
        this.limitNanos = limit.toNanos();
    }

    /** Begins to watch; until {@link #ready} silence is borne for {@code connectTimeout}. */
    static SshLiveness watch(SshTransport transport, Session session, SshTarget target) {
        SshLiveness liveness = new SshLiveness(transport, session, target.aliveInterval(), target.connectTimeout());
        ScheduledFuture<?>[] future = new ScheduledFuture<?>[1];
        future[0] = CLOCK.scheduleWithFixedDelay(
                () -> {
                    if (liveness.check() && future[0] != null) {
                        future[0].cancel(false);
                    }
                },
                250,
                250,
                TimeUnit.MILLISECONDS);
        return liveness;
    }

    /** The log-in is through: from now on the other end is asked for signs of life. */
    void ready(Duration limit) {
        limitNanos = limit.toNanos();
        ready = true;
    }

    /** Whether the connection was given up for its silence. */
    boolean isLost() {
        return lost;
    }

    /** Looks once; true when there is nothing left to watch. */
    private boolean check() {
        if (ready && !session.isConnected()) {
            return true;
        }
        long silent = transport.silentNanos();
        if (silent > limitNanos) {
            lost = true;
            Thread closing = new Thread(transport::close, "ssh give up");
            closing.setDaemon(true);
            closing.start();
            return true;
        }
        if (ready && silent > intervalNanos && System.nanoTime() - askedNanos > intervalNanos) {
            ask();
        }
        return false;
    }

    private void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        askedNanos = System.nanoTime();
        Thread thread = new Thread(
                () -> {
                    try {
                        session.sendKeepAliveMsg();
                    } catch (Exception e) {
                        lost = true; // the session is closing, which its users will see
                    } finally {
                        asking.set(false);
                    }
                },
                "ssh keepalive");
        thread.setDaemon(true);
        thread.start();
    }
}
