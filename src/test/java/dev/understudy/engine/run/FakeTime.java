package dev.understudy.engine.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Time that goes on only when somebody sleeps. */
final class FakeTime implements Time {
    private final Instant start = Instant.parse("2026-11-20T07:51:00Z");
    private final List<Duration> slept = new ArrayList<>();
    private Duration gone = Duration.ZERO;

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return start.plus(gone());
            }
        };
    }

    @Override
    public long nanos() {
        return gone().toNanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pass(duration);
    }

    synchronized void pass(Duration duration) {
        gone = gone.plus(duration);
        slept.add(duration);
    }

    synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }

    private synchronized Duration gone() {
        return gone;
    }
}
