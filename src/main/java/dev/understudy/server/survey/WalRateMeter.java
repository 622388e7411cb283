package dev.understudy.server.survey;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import java.time.Duration;

/** Measures how fast a server writes WAL, or replays it, between two readings of where it is. */
public final class WalRateMeter {
    /** Shorter measurements say nothing. */
    private static final double LEAST_SECONDS = 1.0;

    private record Reading(double seconds, Lsn lsn) {}

    private final Session session;
    private final Duration limit;
    private final boolean inRecovery;
    private final Reading first;

    private WalRateMeter(Session session, Duration limit, boolean inRecovery) {
        this.session = session;
        this.limit = limit;
        this.inRecovery = inRecovery;
        this.first = read();
    }

    /** Notes where WAL ends now. */
    public static WalRateMeter begin(Session session, Duration limit, boolean inRecovery) {
        return new WalRateMeter(session, limit, inRecovery);
    }

    private Reading read() {
        Dialect lsn = inRecovery ? Dialect.REPLAY_LSN : Dialect.CURRENT_LSN;
        return session.one(
                limit,
                row -> new Reading(row.bigNumber("micros") / 1e6, row.lsn("lsn")),
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8 AS micros, " + lsn.on(session.major())
                        + " AS lsn");
    }

    /** The rate since the beginning; waits until that is a second ago. */
    public WalRate rate() {
        Reading now = read();
        if (now.seconds() - first.seconds() < LEAST_SECONDS) {
            session.list(limit, row -> "", "SELECT pg_sleep(?)", LEAST_SECONDS - (now.seconds() - first.seconds()));
            now = read();
        }
        double seconds = now.seconds() - first.seconds();
        long measured = (long) (Math.max(0, now.lsn().minus(first.lsn())) / seconds);
        long average = session.major().isAtLeast(ServerMajor.V14) && !inRecovery ? average() : 0;
        return average > measured
                ? new WalRate(average, "average of pg_stat_wal")
                : new WalRate(measured, "measured over %.0f s".formatted(seconds));
    }

    private long average() {
        return session.one(
                limit,
                row -> row.bigNumber("rate"),
                "SELECT (wal_bytes / greatest(1, extract(epoch FROM clock_timestamp() - stats_reset)))::int8 AS rate"
                        + " FROM pg_stat_wal");
    }
}
