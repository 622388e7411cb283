package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.WalEnd;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.wal.HostWalSource;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.Optional;

/** The copy's replay of all that the standby has. */
final class Replay {
    private static final String REPLAYED = "rehearsal_replayed";
    private static final Duration POLL = Duration.ofMillis(50);

    /** Replay that has not moved for so long is looked at. */
    private static final Duration QUIET = Duration.ofMillis(300);

    /** All WAL lies in one directory: what does not go on for so long, with a record to replay, never will. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    private final StepContext context;
    private final TargetSite target;
    private final Session session;
    private final Lsn end;
    private Lsn last = Lsn.INVALID;
    private long since = System.nanoTime();

    Replay(StepContext context, TargetSite target, Session session) {
        this.context = context;
        this.target = target;
        this.session = session;
        this.end = context.facts().lsn(IsolateCopy.WAL_END);
    }

    static boolean isComplete(StepContext context) {
        return context.facts().find(REPLAYED).isPresent();
    }

    /**
     * Waits until replay has passed what the standby had, or all of it that anybody can replay.
     *
     * @return what is wrong if it stops before
     */
    Optional<Finding> await(Duration limit, CopyServer server) {
        try {
            context.await("the copy to replay up to " + end, limit, POLL, this::isOver);
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.WAIT_TIMED_OUT) {
                throw e;
            }
        }
        if (!hasAll()) {
            return Optional.of(new Finding(
                    "replay-stopped",
                    "replay of the copy stopped at %s, though the standby has received WAL up to %s"
                            .formatted(last, end),
                    "The WAL from there on: " + rest().text + "\n" + server.logTail(10)));
        }
        context.record(REPLAYED, last.toString());
        return Optional.empty();
    }

    private boolean isOver() {
        Lsn now = new ServerFacts(session).positions().replayed().orElse(Lsn.INVALID);
        if (!now.equals(last)) {
            last = now;
            since = System.nanoTime();
            return false;
        }
        Duration quiet = Duration.ofNanos(System.nanoTime() - since);
        return quiet.compareTo(QUIET) > 0 && (hasAll() || quiet.compareTo(STALLED) > 0);
    }

    /** What is received ends anywhere, in the middle of a record too, which nobody can replay yet. */
    private boolean hasAll() {
        return last.isAtLeast(end) || rest().isNoRecord;
    }

    /** What there is of WAL after what is replayed. */
    private record Rest(boolean isNoRecord, String text) {}

    private Rest rest() {
        TimelineId timeline =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(IsolateCopy.TIMELINE)));
        WalSegmentSize size =
                new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
        String directory = target.path(WalDirectory.of(session.major()));
        try (WalReader reader =
                WalReader.open(new HostWalSource(target.host(), directory), WalTimelines.only(timeline), size)) {
            reader.limitTo(end);
            reader.seek(last);
            if (reader.next()) {
                return new Rest(false, "a whole record begins at " + reader.lsn());
            }
            WalEnd why = reader.end();
            return new Rest(why.reason().isOrdinary(), why.text());
        }
    }

    /** What was seen. */
    Evidence evidence() {
        return context.evidence(
                "the copy has replayed to %s; the standby had received to %s%s"
                        .formatted(last, end, last.isAtLeast(end) ? "" : ", in the middle of a record"),
                "pg_last_wal_replay_lsn()");
    }
}
