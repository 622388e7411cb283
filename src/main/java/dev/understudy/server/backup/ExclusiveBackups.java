package dev.understudy.server.backup;

import dev.understudy.postgres.Lsn;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.Optional;

/** Exclusive backups, which PostgreSQL up to 14 has and Understudy never starts; somebody else's can be stopped. */
public final class ExclusiveBackups {
    private final Session session;

    public ExclusiveBackups(Session session) {
        this.session = session;
    }

    /** Whether one is open; never from 15 on. */
    public boolean isOpen() {
        Optional<String> function = Dialect.IS_IN_EXCLUSIVE_BACKUP.find(session.major());
        return function.isPresent() && session.one(row -> row.flag("b"), "SELECT " + function.get() + " AS b");
    }

    /**
     * Stops the one that is open.
     *
     * @param limit of the wait for the archiver; the end of the backup is written before that wait begins
     * @return the end of its BACKUP_END record
     * @throws dev.understudy.error.UnderstudyException {@code QUERY_TIMED_OUT} if the archiver takes longer
     */
    public Lsn stop(Duration limit) {
        return session.one(
                limit,
                row -> row.lsn("lsn"),
                "SELECT " + Dialect.STOP_EXCLUSIVE_BACKUP.on(session.major()) + "::text AS lsn");
    }
}
