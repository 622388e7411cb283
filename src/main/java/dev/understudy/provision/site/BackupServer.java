package dev.understudy.provision.site;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.time.Instant;

/**
 * The very server that holds the backup. One connection string can lead to several servers of one cluster (a list of
 * hosts, a balancer, a name with several addresses); files taken from another one than the backup's make a standby that
 * is wrong and does not look it. A server is told by the moment it was started.
 */
public final class BackupServer {
    private static final String STARTED_AT = "backup_server_started";

    private BackupServer() {}

    public static void record(StepContext context, Instant startedAt) {
        context.record(STARTED_AT, startedAt.toString());
    }

    /** When the server was started that holds, or held, the run's backup. */
    public static Instant startedAt(Facts facts) {
        return Instant.parse(facts.get(STARTED_AT));
    }

    /**
     * Opens a session on it.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_SESSION_LOST} if another server answers, or the same one after
     *     a restart
     */
    public static Session open(PrimarySite primary, Facts facts) {
        Session session = primary.open();
        try {
            requireSame(session, facts);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static void requireSame(Session session, Facts facts) {
        Instant expected = startedAt(facts);
        Instant found = new ServerFacts(session).startedAt();
        if (!found.equals(expected)) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_SESSION_LOST,
                            "another server than the one that holds the backup answers at %s",
                            session.endpoint())
                    .detail("The backup's server was started at %s, this one at %s.", expected, found)
                    .hint("Name one server in the connection string, not several or a balancer.")
                    .build();
        }
    }
}
