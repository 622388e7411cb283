package dev.understudy.transfer.pipeline;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A token bucket over all workers: after a pause at most a quarter of a second's worth of bytes may pass at once, and on
 * average never more than the rate.
 */
public final class RateLimiter {
    private static final long SECOND = 1_000_000_000L;

    private final long bytesPerSecond;
    private final LongSupplier nanoClock;
    private final LongConsumer nanoSleep;
    /** The time at which all that was granted so far would have passed at exactly the rate. */
    private long paidUntil;

    RateLimiter(long bytesPerSecond, LongSupplier nanoClock, LongConsumer nanoSleep) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoClock = nanoClock;
        this.nanoSleep = nanoSleep;
        this.paidUntil = nanoClock.getAsLong();
    }

    /** @param bytesPerSecond 0 for no limit */
    public static RateLimiter of(long bytesPerSecond) {
        return new RateLimiter(bytesPerSecond, System::nanoTime, LockSupport::parkNanos);
    }

    /** Waits until so many bytes may pass. An interrupt ends the wait early. */
    public void acquire(long bytes) {
        if (bytesPerSecond <= 0 || bytes <= 0) {
            return;
        }
        long wait = reserve(bytes);
        if (wait > 0) {
            nanoSleep.accept(wait);
        }
    }

    private synchronized long reserve(long bytes) {
        long now = nanoClock.getAsLong();
        long burst = SECOND / 4;
        paidUntil = Math.max(paidUntil, now - burst) + Math.round((double) bytes * SECOND / bytesPerSecond);
        return paidUntil - now;
    }
}
