package dev.understudy.provision.standby;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.WalMessageLookup;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.wal.Canary;
import dev.understudy.server.wal.WalControl;
import java.time.Duration;

/**
 * A fresh write on the primary, and how it comes over: replayed by the standby, and byte for byte in the standby's own
 * WAL.
 */
record FreshWrite(Site site, StepContext context, Duration limit) {
    private static final Duration POLL = Duration.ofMillis(20);

    /** Writes on the primary and waits until the standby has replayed it. */
    Canary follow(Session primary, Session standby) {
        Canary canary = new WalControl(primary).emitCanary();
        context.await("a fresh write on the primary to arrive", limit, POLL, () -> hasReplayed(standby, canary));
        return canary;
    }

    /** The number of a transaction alone could be another server's, which went on by itself. */
    private static boolean hasReplayed(Session standby, Canary canary) {
        return new WalControl(standby).isVisible(canary) && replayed(standby).isAtLeast(canary.lsn());
    }

    /**
     * Number and location could both be another server's that has the same past; the message of this canary is in no WAL
     * but the primary's.
     *
     * @throws UnderstudyException {@link ErrorCode#NOT_PROVEN} if the standby's WAL has something else there
     */
    void requireInWalOf(Session standby, Canary canary) {
        String name = standby.major().isAtLeast(ServerMajor.V10) ? "pg_wal" : "pg_xlog";
        WalSegmentSize size =
                new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
        boolean there = new WalMessageLookup(canary.timeline(), size)
                .isIn(site.target().host(), site.target().path(name), canary.messageEnd(), canary.nonce());
        if (!there) {
            throw UnderstudyException.of(
                            ErrorCode.NOT_PROVEN,
                            "not proven: the standby's WAL before %s has not what the primary wrote there: it follows"
                                    + " another server",
                            canary.lsn())
                    .build();
        }
    }

    static Lsn replayed(Session session) {
        return new ServerFacts(session).positions().replayed().orElse(Lsn.INVALID);
    }
}
