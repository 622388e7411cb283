package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.WalPositions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches how far the real standby is behind what it has received, and holds the copy back while that is too far. A
 * standby that cannot be asked at the moment is not held against the rehearsal: the backup's session notices if it is
 * gone.
 */
final class StandbyLag implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(500);
    static final String GUARD = "lag of the standby";

    private static final String MOST_BYTES = "standby_lag_most_bytes";
    private static final String MOST_SECONDS = "standby_lag_most_seconds";
    private static final String LIMIT_BYTES = "standby_lag_limit_bytes";
    private static final String PAUSED_SECONDS = "copy_paused_seconds";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Conninfo standby;
    private final long limitBytes;
    private final Duration longestPause;
    private final Deque<Received> waiting = new ArrayDeque<>();
    private @Nullable Session session;
    private long nowBytes;
    private long mostBytes;
    private double mostSeconds;
    private Duration paused = Duration.ZERO;

    /** A place in the WAL that was received and not replayed when it was looked. */
    private record Received(Lsn lsn, long nanos) {}

    StandbyLag(Conninfo standby, long limitBytes, Duration longestPause) {
        this.standby = standby;
        this.limitBytes = limitBytes;
        this.longestPause = longestPause;
    }

    /** Looks once; for the guard's thread. */
    void look() {
        try {
            Session open = session == null ? Session.open(standby) : session;
            session = open;
            seen(new ServerFacts(open).positions(), System.nanoTime());
        } catch (UnderstudyException e) {
            closeSession();
        }
    }

    private synchronized void seen(WalPositions positions, long nanos) {
        if (positions.replayed().isEmpty() || positions.received().isEmpty()) {
            return;
        }
        Lsn replayed = positions.replayed().get();
        Lsn received = positions.received().get();
        waiting.add(new Received(received, nanos));
        while (!waiting.isEmpty() && replayed.isAtLeast(waiting.getFirst().lsn())) {
            waiting.removeFirst();
        }
        nowBytes = waiting.isEmpty() ? 0 : received.bytes() - replayed.bytes();
        mostBytes = Math.max(mostBytes, nowBytes);
        mostSeconds = waiting.isEmpty()
                ? mostSeconds
                : Math.max(mostSeconds, (nanos - waiting.getFirst().nanos()) / 1e9);
    }

    private synchronized boolean isTooFar() {
        return Long.compareUnsigned(nowBytes, limitBytes) > 0;
    }

    /**
     * Waits while the standby is too far behind; for the threads that copy.
     *
     * @throws UnderstudyException {@link ErrorCode#STANDBY_SLOWED} if that takes too long in all
     */
    void holdBack(StepContext context) {
        while (isTooFar()) {
            context.waiting("the standby to replay what it has received");
            context.checkAlive();
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                context.checkAlive();
            }
            pausedFor(POLL);
        }
    }

    private synchronized void pausedFor(Duration time) {
        paused = paused.plus(time);
        if (paused.compareTo(longestPause) > 0) {
            throw UnderstudyException.of(
                            ErrorCode.STANDBY_SLOWED,
                            "the standby stayed more than %d bytes behind what it received",
                            limitBytes)
                    .detail(
                            "Copying paused for %d seconds in all, and it is %d bytes behind.",
                            paused.toSeconds(), nowBytes)
                    .hint(
                            "Rehearse when the standby has less to do, copy more slowly with -e rate_limit=16MB, or allow more with -e max_lag=SIZE.")
                    .build();
        }
    }

    /** Writes down what was seen. */
    synchronized void record(StepContext context) {
        context.record(LIMIT_BYTES, Long.toString(limitBytes));
        context.record(MOST_BYTES, Long.toString(mostBytes));
        context.record(MOST_SECONDS, String.format(Locale.ROOT, "%.3f", mostSeconds));
        context.record(PAUSED_SECONDS, String.format(Locale.ROOT, "%.1f", paused.toNanos() / 1e9));
    }

    /** For people. */
    synchronized String describe() {
        return "the standby was at most %d bytes behind what it received (%.1f seconds), copying paused for %.1f seconds"
                .formatted(mostBytes, mostSeconds, paused.toNanos() / 1e9);
    }

    /** For the report; empty if nothing was recorded. */
    static Optional<Map<String, Object>> published(Facts facts) {
        if (facts.find(MOST_BYTES).isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> lag = new LinkedHashMap<>();
        lag.put("mostBytes", Long.parseLong(facts.get(MOST_BYTES)));
        lag.put("mostSeconds", Double.parseDouble(facts.get(MOST_SECONDS)));
        lag.put("limitBytes", Long.parseLong(facts.get(LIMIT_BYTES)));
        lag.put("pausedSeconds", Double.parseDouble(facts.get(PAUSED_SECONDS)));
        return Optional.of(lag);
    }

    private void closeSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public void close() {
        closeSession();
    }
}
