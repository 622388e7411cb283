package dev.understudy.provision.wal;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.replication.SystemIdentity;
import dev.understudy.server.replication.WalConsumer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Receives WAL from the primary into the target's WAL directory while the copy goes on, in a thread of its own, so that
 * the standby has all it needs for consistency without asking the primary. A connection that is lost is made anew from
 * where the last whole segment ended; what the primary no longer has then is a failure.
 */
public final class WalReception implements AutoCloseable {
    /** Name of the guard that watches it. */
    public static final String GUARD = "WAL reception";

    private static final long START_LIMIT_SECONDS = 60;
    private static final long RETRY_MILLIS = 1_000;

    private final Conninfo conninfo;
    private final SegmentFiles files;
    private final Thread thread = new Thread(this::receive, "receive WAL");
    private volatile @Nullable UnderstudyException failure;
    private final CountDownLatch streaming = new CountDownLatch(1);
    private final Lsn start;
    private volatile boolean stopped;

    private WalReception(Conninfo conninfo, SegmentFiles files, Lsn start) {
        this.conninfo = conninfo;
        this.files = files;
        this.start = start;
    }

    /**
     * Starts to receive from the segment that the primary writes now.
     *
     * @param host the target's machine as the standby's account
     * @param directory the target's WAL directory, which exists
     * @throws UnderstudyException as for any connection, {@link ErrorCode#ROLE_NOT_REPLICATION} and
     *     {@link ErrorCode#HBA_REJECTS} among them
     */
    public static WalReception start(Conninfo conninfo, Host host, String directory, WalSegmentSize size) {
        SystemIdentity identity;
        try (ReplicationSession session = ReplicationSession.open(conninfo)) {
            identity = session.identifySystem();
        }
        TimelineId timeline = identity.timeline();
        Lsn start = WalSegment.containing(timeline, identity.flushed(), size).start();
        SegmentFiles files = new SegmentFiles(host, directory, timeline, size, start);
        WalReception reception = new WalReception(conninfo, files, start);
        reception.thread.setDaemon(true);
        reception.thread.start();
        reception.awaitFirstStream();
        return reception;
    }

    /** Until the primary sends, the next checkpoint may remove what is to be sent. */
    private void awaitFirstStream() {
        try {
            if (!streaming.await(START_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                close();
                check();
                throw UnderstudyException.of(ErrorCode.REPLICATION_FAILED, "could not begin to stream WAL in time")
                        .build();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        check();
    }

    /** Asked by the stream all the time, so that the first question tells that it runs. */
    private boolean isOver() {
        streaming.countDown();
        return stopped;
    }

    /** Where it began, the start of a segment. */
    public Lsn start() {
        return start;
    }

    /** Up to where WAL has come, written but perhaps not flushed. */
    public synchronized Lsn received() {
        return files.next();
    }

    /** Up to where WAL is on the target's disk, in whole segments. */
    public synchronized Lsn flushed() {
        return files.flushed();
    }

    /** Throws what made it give up, if it did. */
    public void check() {
        UnderstudyException error = failure;
        if (error != null) {
            throw error;
        }
    }

    private void receive() {
        while (!stopped && failure == null) {
            try (ReplicationSession session = ReplicationSession.open(conninfo)) {
                Optional<String> slot = session.createTemporarySlot();
                session.stream(restart(), slot, new Consumer(), this::isOver);
            } catch (UnderstudyException e) {
                if (isFinal(e)) {
                    giveUp(e);
                }
            } catch (RuntimeException e) {
                // This thread must not end unnoticed: the run would wait for WAL that nobody receives.
                giveUp(UnderstudyException.of(ErrorCode.DEFECT, "reception of WAL broke: %s", Reasons.of(e))
                        .cause(e)
                        .build());
            }
            pause();
        }
    }

    private void giveUp(UnderstudyException error) {
        failure = error;
        streaming.countDown();
    }

    private synchronized Lsn restart() {
        files.rewind();
        return files.next();
    }

    private static boolean isFinal(UnderstudyException e) {
        return switch (e.code()) {
            case SERVER_UNREACHABLE,
                    SERVER_STARTING,
                    SERVER_SHUTTING_DOWN,
                    REPLICATION_FAILED,
                    CONNECTION_FAILED,
                    TOO_MANY_CONNECTIONS -> false;
            default -> true;
        };
    }

    private void pause() {
        synchronized (thread) {
            if (!stopped) {
                try {
                    thread.wait(RETRY_MILLIS);
                } catch (InterruptedException e) {
                    stopped = true;
                }
            }
        }
    }

    /** Ends reception; the segment that was begun is filled up with zeroes and named. */
    public void finish() {
        close();
        synchronized (this) {
            files.complete();
        }
    }

    @Override
    public void close() {
        synchronized (thread) {
            stopped = true;
            thread.notifyAll();
        }
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the run's reception, if it has one: it must not write into a directory that is being cleared away. */
    public static void end(StepContext context) {
        context.release(GUARD);
        context.kept(WalReception.class).ifPresent(WalReception::close);
    }

    private final class Consumer implements WalConsumer {
        @Override
        public void accept(Lsn from, ByteBuffer bytes) {
            synchronized (WalReception.this) {
                if (!from.equals(files.next())) {
                    throw UnderstudyException.of(
                                    ErrorCode.REPLICATION_FAILED,
                                    "the primary sent WAL from %s, expected %s",
                                    from,
                                    files.next())
                            .build();
                }
                files.append(bytes);
            }
        }

        @Override
        public Lsn flushed() {
            synchronized (WalReception.this) {
                return files.flushed();
            }
        }
    }
}
