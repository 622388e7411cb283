package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.provision.wal.WalReception;
import dev.understudy.server.Notice;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStop;
import dev.understudy.server.facts.ReplicationFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stops the backup in the session that started it, keeps label and tablespace map byte for byte, and finds the BACKUP_END
 * record of this backup in the primary's WAL bytes.
 */
public final class StopBackup implements Step {
    public static final String NAME = "stop-backup";
    public static final String STOP_LSN = "stop_lsn";
    public static final String BACKUP_END_LSN = "backup_end_lsn";
    public static final String BACKUP_END_SEGMENT = "backup_end_segment";

    /** Start LSN of the backup that was stopped in good order; complete only while no later backup has begun. */
    private static final String STOPPED = "backup_stopped";

    private final Site site;
    private final boolean waitForArchive;
    private final Duration limit;

    /** @param waitForArchive whether the stop returns only when the archiver has all WAL of the backup */
    public StopBackup(Site site, boolean waitForArchive, Duration limit) {
        this.site = site;
        this.waitForArchive = waitForArchive;
        this.limit = limit;
    }

    /** Whether the newest backup of this run was stopped in good order, in this process or an earlier one. */
    public static boolean isComplete(StepContext context) {
        Optional<String> stopped = context.facts().find(STOPPED);
        return stopped.isPresent() && stopped.equals(context.facts().find(StartBackup.LABEL));
    }

    /** The backup of the recorded label ended well. */
    public static void recordComplete(StepContext context) {
        context.record(STOPPED, context.facts().get(StartBackup.LABEL));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        return isComplete(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("stop the backup and find its BACKUP_END record in the WAL");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        BackupSession backup = context.kept(BackupSession.class)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.BACKUP_SESSION_LOST, "the session that held the backup is gone")
                        .build());
        StartBackup.releaseGuard(context);
        // A stop that is sent into a dead network waits for an answer for as long as an archiver may take.
        backup.heartbeat();
        BackupStop stop = stop(context, backup);
        BackupFiles files = new BackupFiles(context.directory());
        files.write(stop.label(), stop.tablespaceMap());
        files.record(context);
        context.record(STOP_LSN, stop.stopLsn().toString());
        backup.close();
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(context.evidence("backup stopped at " + stop.stopLsn(), "pg_backup_stop"));
        context.kept(WalReception.class).ifPresent(reception -> evidence.add(complete(context, reception)));
        recordComplete(context);
        return evidence;
    }

    /** The standby shall find all WAL of the backup in its own directory. */
    private Evidence complete(StepContext context, WalReception reception) {
        Lsn stop = context.facts().lsn(STOP_LSN);
        context.await("WAL up to " + stop + " to be received", limit, Duration.ofMillis(100), () -> {
            reception.check();
            return reception.received().isAtLeast(stop);
        });
        context.release(WalReception.GUARD);
        reception.finish();
        return context.evidence(
                "received WAL from %s to %s, past the stop location".formatted(reception.start(), reception.flushed()),
                "the target's WAL directory");
    }

    private BackupStop stop(StepContext context, BackupSession backup) {
        context.waiting(waitForArchive ? "the archiver to have all WAL of the backup" : "the end of the backup", limit);
        try (BusySessionWatch watch =
                new BusySessionWatch(site.primary().conninfo(), backup, other -> explainWait(context, backup, other))) {
            return Cancellable.run(context, backup::cancel, () -> backup.stop(waitForArchive, limit), watch);
        } catch (UnderstudyException e) {
            throw e.code() == ErrorCode.BACKUP_TIMED_OUT ? withArchiver(e) : e;
        }
    }

    private void explainWait(StepContext context, BackupSession backup, Session other) {
        for (Notice notice : backup.notices()) {
            context.waiting(notice.message());
        }
        ReplicationFacts.Archiver archiver = new ReplicationFacts(other).archiver();
        if (archiver.isFailing()) {
            context.waiting("the primary's archiver, which fails at "
                    + archiver.lastFailed().orElse("?"));
        }
    }

    /** Names what kept the stop from ending, which the server itself only hints at. */
    private UnderstudyException withArchiver(UnderstudyException e) {
        try (Session session = site.primary().open()) {
            ReplicationFacts.Archiver archiver = new ReplicationFacts(session).archiver();
            if (!archiver.isFailing()) {
                return e;
            }
            return UnderstudyException.of(
                            e.code(),
                            "the primary's archiver fails at %s, so the backup could not be stopped in time",
                            archiver.lastFailed().orElse("?"))
                    .detail("%s", e.detail())
                    .hint("See the primary's log for what archive_command says, and repair it.")
                    .hint("The limit is the timeout of stop-backup.")
                    .cause(e)
                    .build();
        } catch (UnderstudyException other) {
            e.addSuppressed(other);
            return e;
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        try {
            return new Verdict.Verified(List.of(labelEvidence(context), endEvidence(context)));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    private Evidence labelEvidence(StepContext context) {
        BackupLabel label = new BackupFiles(context.directory()).label();
        Lsn start = context.facts().lsn(StartBackup.START_LSN);
        if (!label.startLsn().equals(start)
                || !label.label().equals(context.facts().get(StartBackup.LABEL))) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_LABEL_INVALID,
                            "the label that the primary returned is not this backup's: \"%s\", start %s",
                            label.label(),
                            label.startLsn())
                    .detail("This backup is \"%s\", start %s.", context.facts().get(StartBackup.LABEL), start)
                    .build();
        }
        return context.evidence(
                "label \"%s\" with start %s, kept byte for byte".formatted(label.label(), label.startLsn()),
                "pg_backup_stop");
    }

    private Evidence endEvidence(StepContext context) {
        if (context.facts().isTrue("source_in_recovery")) {
            return context.evidence(
                    "the source is a standby, which writes no BACKUP_END: consistency rests on the minimum recovery"
                            + " point, sealed to " + context.facts().get(STOP_LSN),
                    "pg_control");
        }
        WalSegmentSize size =
                new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
        TimelineId timeline =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)));
        BackupEndLookup lookup = new BackupEndLookup(timeline, size);
        BackupEnd end = lookup.onPrimary(
                site.primary(),
                context.facts().lsn(StartBackup.START_LSN),
                context.facts().lsn(STOP_LSN));
        context.record(BACKUP_END_LSN, end.lsn().toString());
        context.record(BACKUP_END_SEGMENT, end.segment().name());
        return context.evidence(
                "BACKUP_END for start %s at %s, ending at %s, CRC right"
                        .formatted(end.startLsn(), end.lsn(), end.endLsn()),
                "WAL segment " + end.segment().name() + " of the primary");
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
