package dev.understudy.provision.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks from another session whether the one that holds the backup lives, while that one starts or stops the backup and
 * cannot be asked itself. A network that has gone silent is noticed so too: the start and the stop may wait for hours for
 * a checkpoint or the archiver, and nobody sends anything meanwhile.
 */
final class BusySessionWatch implements Runnable, AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Conninfo conninfo;
    private final BackupSession backup;
    private final Consumer<Session> explain;
    private @Nullable Session watcher;
    private long lookedAt = System.nanoTime();

    /** @param explain says what the backup's session waits for, by looking with another session */
    BusySessionWatch(Conninfo conninfo, BackupSession backup, Consumer<Session> explain) {
        this.conninfo = conninfo.with("connect_timeout", Long.toString(ANSWER_LIMIT.toSeconds()));
        this.backup = backup;
        this.explain = explain;
    }

    private Session open() {
        Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.GUARDED);
        session.limitTo(ANSWER_LIMIT);
        return session;
    }

    /**
     * Looks if it is time to.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_SESSION_LOST}
     */
    @Override
    public void run() {
        if (System.nanoTime() - lookedAt < INTERVAL.toNanos()) {
            return;
        }
        try {
            look(current());
        } catch (UnderstudyException e) {
            switch (e.code()) {
                case SESSION_LOST -> {
                    if (isSilence(e)) {
                        throw lost("the server does not answer any more");
                    }
                    lookAnew();
                }
                case SERVER_UNREACHABLE, SERVER_STARTING, SERVER_SHUTTING_DOWN, CONNECTION_FAILED ->
                    throw lost("the server cannot be asked for it any more: " + e.message());
                // Full of connections, or a query refused: that says nothing about the backup's session.
                case TOO_MANY_CONNECTIONS, QUERY_TIMED_OUT, QUERY_FAILED, PRIVILEGE_MISSING -> close();
                default -> throw e;
            }
        } finally {
            lookedAt = System.nanoTime();
        }
    }

    private Session current() {
        Session session = watcher;
        if (session == null) {
            session = open();
            watcher = session;
        }
        return session;
    }

    /** The watcher itself is lost, as when somebody terminates all sessions of the role: one that is new tells more. */
    private void lookAnew() {
        close();
        try {
            look(current());
        } catch (UnderstudyException e) {
            throw e.code() == ErrorCode.BACKUP_SESSION_LOST
                    ? e
                    : lost("the server cannot be asked for it any more: " + e.message());
        }
    }

    private void look(Session session) {
        boolean lives = session.quick(
                ANSWER_LIMIT,
                row -> row.flag("lives"),
                "SELECT count(*) > 0 AS lives FROM pg_stat_activity WHERE pid = " + backup.backendPid());
        if (!lives) {
            throw lost("server process " + backup.backendPid() + " is gone");
        }
        explain.accept(session);
    }

    private static boolean isSilence(UnderstudyException e) {
        for (@Nullable Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** The session is closed here: over a dead network nobody else would free whoever waits for its answer. */
    private UnderstudyException lost(String why) {
        backup.close();
        return UnderstudyException.of(ErrorCode.BACKUP_SESSION_LOST, "lost the session that holds the backup")
                .detail("While it was busy, %s.", why)
                .build();
    }

    @Override
    public void close() {
        Session session = watcher;
        watcher = null;
        if (session != null) {
            session.close();
        }
    }
}
