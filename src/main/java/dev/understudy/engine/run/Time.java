package dev.understudy.engine.run;

import java.time.Clock;
import java.time.Duration;

/** Time as the engine sees it; tests have their own. */
public interface Time {
    /** For what people read: the journal's times. */
    Clock clock();

    /** For limits: nanoseconds from some fixed point, never set back. */
    long nanos();

    /** Waits, or is interrupted. */
    void sleep(Duration duration) throws InterruptedException;

    /** The machine's own. */
    static Time system() {
        return new Time() {
            @Override
            public Clock clock() {
                return Clock.systemUTC();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
            }
        };
    }
}
