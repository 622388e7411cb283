package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.slots.Slots;
import java.time.Duration;

/** Looks at slots, senders and the archiver, and measures how fast WAL is written meanwhile. */
final class WalSurveyor {
    private final Session session;
    private final Duration limit;
    private final boolean inRecovery;
    private Known<WalRateMeter> meter = Known.unknown("not measured");

    WalSurveyor(Session session, Duration limit, boolean inRecovery) {
        this.session = session;
        this.limit = limit;
        this.inRecovery = inRecovery;
    }

    /** Notes where WAL ends now. */
    void beginMeasuring() {
        meter = ServerSurveyor.known(() -> WalRateMeter.begin(session, limit, inRecovery));
    }

    WalSurvey survey() {
        return new WalSurvey(
                ServerSurveyor.known(() -> new Slots(session).list()),
                ServerSurveyor.known(() -> new ReplicationFacts(session).senders()),
                ServerSurveyor.known(() -> new ReplicationFacts(session).archiver()),
                meter.flatMap(begun -> ServerSurveyor.known(begun::rate)),
                ServerSurveyor.known(this::directoryBytes));
    }

    private long directoryBytes() {
        return session.one(
                limit,
                row -> row.bigNumber("bytes"),
                "SELECT coalesce(sum(size), 0)::int8 AS bytes FROM " + Dialect.LIST_WAL.on(session.major()));
    }
}
