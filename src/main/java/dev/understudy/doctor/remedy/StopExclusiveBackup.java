package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.copy.FoundLayout;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.server.Session;
import dev.understudy.server.backup.ExclusiveBackups;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.wal.WalControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stops the exclusive backup that is open on the primary, after making sure that it is the one that the standby waits
 * for. There is no undo: a backup that was stopped is what everybody wanted.
 */
final class StopExclusiveBackup implements Step {
    private static final String STOPPED = "exclusive_backup_stopped";

    private final Site site;
    private final Lsn start;
    private final Duration limit;

    StopExclusiveBackup(Site site, Lsn start, Duration limit) {
        this.site = site;
        this.start = start;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RepairKinds.STOP_EXCLUSIVE_BACKUP;
    }

    @Override
    public Probe probe(StepContext context) {
        if (context.facts().find(StopBackup.STOP_LSN).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        try (Session session = site.primary().open()) {
            Optional<UnderstudyException> conflict = conflict(session);
            return conflict.<Probe>map(Probe.Conflicting::new)
                    .orElseGet(() -> new Probe.Pending(
                            "stop the exclusive backup that started at %s on the primary".formatted(start)));
        }
    }

    private Optional<UnderstudyException> conflict(Session session) {
        SystemIdentifier primary = new ServerFacts(session).systemIdentifier();
        ControlFile control = new TargetDirectory(site.target()).controlFile();
        if (!primary.equals(control.systemIdentifier())) {
            return Optional.of(notOpen("the standby is not a copy of this primary: system identifiers %s and %s"
                    .formatted(control.systemIdentifier(), primary)));
        }
        if (!control.backupStartPoint().equals(start)) {
            return Optional.of(notOpen("the standby waits for no backup that started at %s: pg_control has %s"
                    .formatted(start, control.backupStartPoint())));
        }
        if (!new ExclusiveBackups(session).isOpen()) {
            return Optional.of(notOpen("no exclusive backup is open on the primary"));
        }
        return new BackupFacts(session)
                .label()
                .map(BackupLabel::parse)
                .filter(label -> !label.startLsn().equals(start))
                .map(label -> notOpen("the exclusive backup that is open started at %s, not at %s"
                        .formatted(label.startLsn(), start)));
    }

    private static UnderstudyException notOpen(String what) {
        return UnderstudyException.of(ErrorCode.BACKUP_NOT_OPEN, "%s", what)
                .hint("Ask the doctor again: things have changed since its diagnosis.")
                .build();
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        BackupLabel label = standbysLabel();
        ControlFile control = new TargetDirectory(site.target()).controlFile();
        context.record(StartBackup.START_LSN, start.toString());
        context.record(StartBackup.START_TIMELINE, label.startTimeline().toString());
        context.record(
                StartBackup.SEGMENT_SIZE,
                Integer.toString(control.walSegmentSize().bytes()));
        context.record(StartBackup.LABEL, label.label());
        new FoundLayout(site).record(context);
        context.record(STOPPED, "true");
        try (Session session = site.primary().open()) {
            keepLabel(context, session, label);
            context.waiting("the primary to stop the backup and to archive its WAL");
            Lsn stop = stop(context, session);
            context.record(StopBackup.STOP_LSN, stop.toString());
            return List.of(context.evidence("the exclusive backup was stopped at " + stop, "pg_stop_backup()"));
        }
    }

    /** As the primary has it, where the role may read that, so that the proof can hold the standby's against it. */
    private static void keepLabel(StepContext context, Session session, BackupLabel standbys) {
        byte[] label = new BackupFacts(session).label().orElseGet(standbys::bytes);
        BackupFiles files = new BackupFiles(context.directory());
        files.write(label, new byte[0]);
        files.record(context);
    }

    /** Its end is in the WAL as soon as the backup is closed, however long the archiver takes. */
    private Lsn stop(StepContext context, Session session) {
        Lsn before = new WalControl(session).currentLsn();
        try {
            return new ExclusiveBackups(session).stop(limit);
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.QUERY_TIMED_OUT) {
                throw e;
            }
        }
        try (Session again = site.primary().open()) {
            if (new ExclusiveBackups(again).isOpen()) {
                throw UnderstudyException.of(
                                ErrorCode.BACKUP_TIMED_OUT, "the primary did not stop the backup within %s", limit)
                        .build();
            }
            context.warn("the backup is stopped, but the primary's archiver has not archived its WAL within " + limit);
            return BackupEndAfter.find(again, start, before);
        }
    }

    private BackupLabel standbysLabel() {
        TargetDirectory directory = new TargetDirectory(site.target());
        return directory
                .find(BackupLabel.FILE_NAME)
                .or(() -> directory.find(BackupLabel.OLD_FILE_NAME))
                .map(BackupLabel::parse)
                .filter(label -> label.startLsn().equals(start))
                .orElseThrow(() -> notOpen("the standby has no backup_label of the backup that started at " + start));
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = site.primary().open()) {
            if (new ExclusiveBackups(session).isOpen()) {
                return new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.BACKUP_NOT_STOPPED, "an exclusive backup is still open on the primary")
                        .build());
            }
        }
        Lsn stop = context.facts().lsn(StopBackup.STOP_LSN);
        TimelineId timeline =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)));
        WalSegmentSize size =
                new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
        try {
            BackupEnd end = new BackupEndLookup(timeline, size).onPrimary(site.primary(), start, stop);
            context.record(StopBackup.BACKUP_END_LSN, end.lsn().toString());
            context.record(StopBackup.BACKUP_END_SEGMENT, end.segment().name());
            return new Verdict.Verified(List.of(context.evidence(
                    "BACKUP_END for start %s at %s, ending at %s, CRC right".formatted(start, end.lsn(), stop),
                    "WAL segment " + end.segment().name() + " of the primary")));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
