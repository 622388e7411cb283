package dev.understudy.transfer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
    private final AtomicLong clock = new AtomicLong(5_000);

    @Test
    void onAverageNoMoreThanTheRatePasses() {
        RateLimiter limiter = new RateLimiter(1_000_000, clock::get, clock::addAndGet);
        long started = clock.get();

        for (int chunk = 0; chunk < 100; chunk++) {
            limiter.acquire(100_000);
        }

        assertThat(clock.get() - started).isEqualTo(10_000_000_000L);
    }

    @Test
    void aPauseIsNotMadeUpForBeyondAQuarterOfASecond() {
        RateLimiter limiter = new RateLimiter(1_000_000, clock::get, clock::addAndGet);
        clock.addAndGet(60_000_000_000L);
        long started = clock.get();

        limiter.acquire(1_000_000);

        assertThat(clock.get() - started).isEqualTo(750_000_000L);
    }

    @Test
    void zeroIsNoLimit() {
        RateLimiter limiter = new RateLimiter(0, clock::get, clock::addAndGet);
        limiter.acquire(Long.MAX_VALUE);
        assertThat(clock.get()).isEqualTo(5_000);
    }
}
