package dev.understudy.server.surroundings;

import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.time.Instant;

/**
 * A server's clock, read between two readings of ours.
 *
 * @param offset its clock minus ours at the middle of the round trip
 * @param uncertainty half of the round trip: the true offset lies no further away than that
 */
public record ClockReading(Duration offset, Duration uncertainty) {
    /** The quickest of a few round trips tells most; the first one pays for planning the query. */
    private static final int READINGS = 5;

    /** Reads it. */
    public static ClockReading of(Session session) {
        ServerFacts server = new ServerFacts(session);
        ClockReading best = read(server);
        for (int i = 1; i < READINGS; i++) {
            ClockReading next = read(server);
            best = next.uncertainty().compareTo(best.uncertainty()) < 0 ? next : best;
        }
        return best;
    }

    /** Our own clock may be stepped meanwhile: how long the round trip took is told by another one. */
    private static ClockReading read(ServerFacts server) {
        Instant before = Instant.now();
        long startNanos = System.nanoTime();
        Instant theirs = server.clock();
        Duration half = Duration.ofNanos((System.nanoTime() - startNanos) / 2);
        return new ClockReading(Duration.between(before.plus(half), theirs), half);
    }

    /** This clock minus another one, which was read from the same machine. */
    public ClockReading minus(ClockReading other) {
        return new ClockReading(offset.minus(other.offset), uncertainty.plus(other.uncertainty));
    }
}
