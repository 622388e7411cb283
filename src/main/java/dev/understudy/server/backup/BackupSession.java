package dev.understudy.server.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.server.Dialect;
import dev.understudy.server.Notice;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session that holds a backup open. PostgreSQL aborts a non-exclusive backup when the session that started it ends,
 * and tells nobody but its log; so this session is guarded: nothing on the server may time it out, a silent network is
 * noticed within seconds, and {@link #heartbeat} proves that it is still the same one.
 *
 * <p>{@link #start} and {@link #stop} may take long: {@link #cancel}, {@link #notices} and {@link #backendPid} are for
 * other threads meanwhile, and another session can look up in {@code pg_stat_activity} what this one waits for.
 */
public final class BackupSession implements AutoCloseable {
    /** Labels and maps hold paths in whatever encoding the file system has: taken without any verification. */
    private static final String RAW = "replace(%1$s, '\\', '\\\\')::bytea AS %1$s";

    private static final Duration HEARTBEAT_LIMIT = Duration.ofSeconds(5);

    private final Session session;
    private final ReentrantLock busy = new ReentrantLock();
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;
    private volatile boolean closed;
    private volatile @Nullable BackupStart started;

    private BackupSession(Session session) {
        this.session = session;
        session.onNotice(notices::add);
    }

    /**
     * Opens the session.
     *
     * @throws UnderstudyException {@link ErrorCode#POOLER_IN_THE_WAY} if a connection pooler would hand it out; else as
     *     {@link Session#open}
     */
    public static BackupSession open(Conninfo conninfo) {
        Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.GUARDED);
        try {
            session.pooler().ifPresent(sign -> {
                throw UnderstudyException.of(
                                ErrorCode.POOLER_IN_THE_WAY, "a connection pooler is between here and the server")
                        .detail("Sign of it: %s.", sign)
                        .hint("Connect to the server's own port: a backup lives and dies with its session.")
                        .build();
            });
            return new BackupSession(session);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Process id of the server process that holds the backup. */
    public int backendPid() {
        return session.backendPid();
    }

    public ServerMajor major() {
        return session.major();
    }

    /** What {@link #start} or {@link #stop} has been told so far, such as that it waits for the archiver. */
    public List<Notice> notices() {
        return session.notices();
    }

    /** The backup that is open; empty before the start and after the stop. */
    public Optional<BackupStart> open() {
        return Optional.ofNullable(started);
    }

    /** Cancels the start or the stop that runs in another thread, which then fails; one of a closed session has. */
    public void cancel() {
        cancelled = true;
        if (!closed) {
            session.cancel();
        }
    }

    /**
     * Starts a non-exclusive backup.
     *
     * @param label stands in the backup_label; at most 1,024 bytes without a line break
     * @param limit for the checkpoint; when it is over, the start is cancelled
     * @throws UnderstudyException {@link ErrorCode#BACKUP_TIMED_OUT}, {@link ErrorCode#BACKUP_CANCELLED}, {@link
     *     ErrorCode#BACKUP_SESSION_LOST}, {@link ErrorCode#BACKUP_NOT_STARTED}
     */
    public BackupStart start(String label, CheckpointMode checkpoint, Duration limit) {
        return exclusively(ErrorCode.BACKUP_NOT_STARTED, "start the backup", () -> {
            Lsn start = session.one(
                    limit,
                    row -> row.lsn("lsn"),
                    "SELECT " + Dialect.START_BACKUP.on(major()) + "::text AS lsn",
                    label,
                    checkpoint == CheckpointMode.FAST);
            BackupStart facts = facts(start);
            started = facts;
            return facts;
        });
    }

    private BackupStart facts(Lsn start) {
        return session.one(
                row -> {
                    TimelineId timeline = new TimelineId(row.number("timeline"));
                    WalSegmentSize size = new WalSegmentSize(row.number("segment_size"));
                    return new BackupStart(
                            start,
                            timeline,
                            WalSegment.containing(timeline, start, size),
                            row.flag("in_recovery"),
                            row.instant("server_time"),
                            row.instant("started"));
                },
                "SELECT (pg_control_checkpoint()).timeline_id AS timeline, pg_is_in_recovery() AS in_recovery,"
                        + " pg_size_bytes(current_setting('wal_segment_size')) AS segment_size,"
                        + " clock_timestamp() AS server_time, pg_postmaster_start_time() AS started");
    }

    /**
     * Proves that the backup is still open: the same session answers in time, and a standby was not promoted meanwhile.
     * Does nothing while a start or a stop runs, which notice a loss themselves.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_SESSION_LOST}, {@link ErrorCode#BACKUP_ABORTED}
     */
    public void heartbeat() {
        if (!busy.tryLock()) {
            return;
        }
        try {
            session.ping(HEARTBEAT_LIMIT);
            BackupStart backup = started;
            if (backup != null && backup.onStandby() && !inRecovery()) {
                throw UnderstudyException.of(ErrorCode.BACKUP_ABORTED, "the standby was promoted during the backup")
                        .hint("Start anew; the copy so far cannot be used as it is.")
                        .build();
            }
        } catch (UnderstudyException e) {
            throw explained(e, ErrorCode.BACKUP_SESSION_LOST, "check the backup's session");
        } finally {
            busy.unlock();
        }
    }

    private boolean inRecovery() {
        return session.quick(HEARTBEAT_LIMIT, row -> row.flag("r"), "SELECT pg_is_in_recovery() AS r");
    }

    /**
     * Stops the backup.
     *
     * @param waitForArchive whether to return only when the archiver has stored all the WAL that the backup needs; 9.6
     *     always waits
     * @param limit when it is over, the stop is cancelled and the backup is of no use
     * @throws UnderstudyException {@link ErrorCode#BACKUP_TIMED_OUT}, {@link ErrorCode#BACKUP_CANCELLED}, {@link
     *     ErrorCode#BACKUP_SESSION_LOST}, {@link ErrorCode#BACKUP_NOT_STOPPED}
     */
    public BackupStop stop(boolean waitForArchive, Duration limit) {
        return exclusively(ErrorCode.BACKUP_NOT_STOPPED, "stop the backup", () -> {
            notices.clear();
            String function = Dialect.STOP_BACKUP.on(major());
            Object[] parameters = function.contains("?") ? new Object[] {waitForArchive} : new Object[0];
            BackupStop stop = session.one(
                    limit,
                    row -> new BackupStop(row.lsn("lsn"), row.bytes("labelfile"), row.bytes("spcmapfile"), List.of()),
                    "SELECT lsn::text AS lsn, %s, %s FROM %s"
                            .formatted(RAW.formatted("labelfile"), RAW.formatted("spcmapfile"), function),
                    parameters);
            started = null;
            return new BackupStop(stop.stopLsn(), stop.label(), stop.tablespaceMap(), notices);
        });
    }

    private <T> T exclusively(ErrorCode otherwise, String what, Supplier<T> work) {
        if (!busy.tryLock()) {
            throw new IllegalStateException("the backup's session is busy");
        }
        cancelled = false;
        try {
            return work.get();
        } catch (UnderstudyException e) {
            throw explained(e, otherwise, what);
        } finally {
            busy.unlock();
        }
    }

    private UnderstudyException explained(UnderstudyException e, ErrorCode otherwise, String what) {
        return switch (e.code()) {
            case SESSION_LOST ->
                again(e, ErrorCode.BACKUP_SESSION_LOST, "lost the session that holds the backup")
                        .hint("The server has aborted the backup with it, or will. Start a new one.")
                        .build();
            case QUERY_TIMED_OUT ->
                cancelled
                        ? again(e, ErrorCode.BACKUP_CANCELLED, "cancelled the attempt to " + what)
                                .build()
                        : again(e, ErrorCode.BACKUP_TIMED_OUT, "could not " + what + " in time")
                                .build();
            case QUERY_FAILED -> again(e, otherwise, "could not " + what).build();
            default -> e;
        };
    }

    private UnderstudyException.Builder again(UnderstudyException e, ErrorCode code, String message) {
        UnderstudyException.Builder error =
                UnderstudyException.of(code, "%s", message).cause(e).detail("%s", e.detail());
        e.hints().forEach(hint -> error.hint("%s", hint));
        return error;
    }

    /** Ends the session; a backup that is still open is aborted by the server, which leaves nothing behind. */
    @Override
    public void close() {
        closed = true;
        session.close();
    }
}
