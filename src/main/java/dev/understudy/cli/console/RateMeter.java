package dev.understudy.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** How fast something goes, over the last few seconds. */
final class RateMeter {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final double LEAST_SECONDS = 0.2;

    private record Sample(Instant at, long done) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes a reading; less than before means that the work began anew. */
    void reading(Instant at, long done) {
        Sample last = samples.peekLast();
        if (last != null && done < last.done()) {
            samples.clear();
        }
        samples.addLast(new Sample(at, done));
        while (samples.size() > 2 && samples.getFirst().at().isBefore(at.minus(WINDOW))) {
            samples.removeFirst();
        }
    }

    /** Units a second; empty while there is too little to tell. */
    OptionalDouble perSecond() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last == null) {
            return OptionalDouble.empty();
        }
        double seconds = Duration.between(first.at(), last.at()).toNanos() / 1e9;
        return seconds < LEAST_SECONDS
                ? OptionalDouble.empty()
                : OptionalDouble.of((last.done() - first.done()) / seconds);
    }
}
