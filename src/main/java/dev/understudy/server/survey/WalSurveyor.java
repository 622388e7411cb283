package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.slots.Slots;
import java.time.Duration;

/** Looks at slots, senders and the archiver, and measures how fast WAL is written meanwhile. */
final class WalSurveyor {
    /** Shorter measurements say nothing. */
    private static final double LEAST_SECONDS = 1.0;

    private record Reading(double seconds, Lsn lsn) {}

    private final Session session;
    private final Duration limit;
    private final boolean inRecovery;
    private Known<Reading> first = Known.unknown("not measured");

    WalSurveyor(Session session, Duration limit, boolean inRecovery) {
        this.session = session;
        this.limit = limit;
        this.inRecovery = inRecovery;
    }

    /** Notes where WAL ends now. */
    void beginMeasuring() {
        first = ServerSurveyor.known(this::read);
    }

    WalSurvey survey() {
        return new WalSurvey(
                ServerSurveyor.known(() -> new Slots(session).list()),
                ServerSurveyor.known(() -> new ReplicationFacts(session).senders()),
                ServerSurveyor.known(() -> new ReplicationFacts(session).archiver()),
                first.flatMap(earlier -> ServerSurveyor.known(() -> rate(earlier))),
                ServerSurveyor.known(this::directoryBytes));
    }

    private Reading read() {
        Dialect lsn = inRecovery ? Dialect.REPLAY_LSN : Dialect.CURRENT_LSN;
        return session.one(
                limit,
                row -> new Reading(row.bigNumber("micros") / 1e6, row.lsn("lsn")),
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8 AS micros, " + lsn.on(session.major())
                        + " AS lsn");
    }

    private WalRate rate(Reading earlier) {
        Reading now = read();
        if (now.seconds() - earlier.seconds() < LEAST_SECONDS) {
            session.list(limit, row -> "", "SELECT pg_sleep(?)", LEAST_SECONDS - (now.seconds() - earlier.seconds()));
            now = read();
        }
        double seconds = now.seconds() - earlier.seconds();
        long measured = (long) (Math.max(0, now.lsn().minus(earlier.lsn())) / seconds);
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

    private long directoryBytes() {
        return session.one(
                limit,
                row -> row.bigNumber("bytes"),
                "SELECT coalesce(sum(size), 0)::int8 AS bytes FROM " + Dialect.LIST_WAL.on(session.major()));
    }
}
