package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.HostFiles;
import dev.understudy.host.LeftProcesses;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.plan.StepKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.Cancellable;
import dev.understudy.provision.backup.ReserveSlot;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.provision.wal.ReceivedWal;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes the whole backup by the target installation's own pg_basebackup, for a role that has REPLICATION and nothing else.
 * It works in a directory beside the target, which gets the target's name only when it ended well and pg_control has been
 * taken out of its place.
 */
public final class TakeBaseBackup implements Step {
    private static final String WORK = ".understudy-basebackup";
    private static final String BEGUN = "basebackup_begun";
    private static final int SMALL_FILE_BYTES = 1 << 20;

    /** Its label and map are kept in the run's directory; render-recovery writes all of these. */
    private static final List<String> WRITTEN_ANEW =
            List.of("backup_label", "backup_manifest", "recovery.conf", "standby.signal", "tablespace_map");

    private final Site site;
    private final Optional<String> slot;
    private final String checkpoint;
    private final long bytesPerSecond;
    private final Duration limit;

    public TakeBaseBackup(Site site, Optional<String> slot, String checkpoint, long bytesPerSecond, Duration limit) {
        this.site = site;
        this.slot = slot;
        this.checkpoint = checkpoint;
        this.bytesPerSecond = bytesPerSecond;
        this.limit = limit;
    }

    @Override
    public String name() {
        return StepKinds.BASEBACKUP;
    }

    private TargetClaim claim() {
        return TargetClaim.ofProgram(site.target());
    }

    private HostFiles files() {
        return site.target().host().files();
    }

    private String workDirectory() {
        return site.target().dataDirectory() + WORK;
    }

    @Override
    public Probe probe(StepContext context) {
        if (StopBackup.isComplete(context)
                && files().status(site.target().dataDirectory()).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        SourceCluster cluster = SourceCluster.of(site.primary());
        Optional<UnderstudyException> refusal = claim().refusal(context.facts(), cluster);
        return refusal.<Probe>map(Probe.Conflicting::new)
                .orElseGet(() -> new Probe.Pending(
                        "take a base backup to " + site.target().display() + " by pg_basebackup"));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        SourceCluster cluster = SourceCluster.of(site.primary());
        if (claim().take(context, cluster)) {
            // pg_basebackup takes empty directories only.
            new ClaimRelease(site.target(), context, true).removeContents();
        }
        clearEarlier(context);
        ServerPrograms programs =
                ServerPrograms.find(site.target().host(), site.target().binDirectory(), cluster.major());
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).record(context);
            WalSegmentSize size = new ServerFacts(session).identity().walSegmentSize();
            context.record(StartBackup.SEGMENT_SIZE, Integer.toString(size.bytes()));
        }
        String label = "understudy " + context.run();
        BaseBackupProgram program = new BaseBackupProgram(
                site.target().host(), programs, site.primary().conninfo(), context.run(), name());
        BaseBackupProgram.Order order = new BaseBackupProgram.Order(
                workDirectory(),
                label,
                checkpoint,
                slot,
                bytesPerSecond,
                site.target().tablespaces(),
                site.target().walDirectory(),
                true);
        slot.ifPresent(name -> context.record(ReserveSlot.USED, "true"));
        context.record(BEGUN, "true");
        context.waiting("pg_basebackup");
        Lsn stop = Cancellable.run(context, () -> {}, () -> program.run(order, limit));
        return take(context, label, stop, programs);
    }

    /** First of all the directory is made unstartable, its WAL withheld, then it gets its name. */
    private List<Evidence> take(StepContext context, String label, Lsn stop, ServerPrograms programs) {
        String work = workDirectory();
        files().replace(work + "/" + TargetLayout.CONTROL_FILE, work + "/" + TargetLayout.PENDING_CONTROL_FILE);
        String wal = site.target().walDirectory().orElse(work + "/" + walName(programs.major()));
        new ReceivedWal(site.target().host(), wal).withhold();
        byte[] labelBytes = files().read(work + "/" + BackupLabel.FILE_NAME, SMALL_FILE_BYTES);
        BackupLabel read = BackupLabel.parse(labelBytes);
        String map = work + "/tablespace_map";
        byte[] mapBytes = files().status(map).isPresent() ? files().read(map, SMALL_FILE_BYTES) : new byte[0];
        BackupFiles kept = new BackupFiles(context.directory());
        kept.write(labelBytes, mapBytes);
        kept.record(context);
        SentManifest manifest = SentManifest.read(site.target().host().files(), work + "/" + SentManifest.NAME);
        WRITTEN_ANEW.forEach(name -> files().delete(work + "/" + name));
        noteMade(context);
        files().delete(site.target().dataDirectory());
        files().rename(work, site.target().dataDirectory());
        new InventoryScan(site, context, manifest).run();
        context.record(StartBackup.START_TIMELINE, read.startTimeline().toString());
        context.record(StartBackup.START_LSN, read.startLsn().toString());
        context.record(StopBackup.STOP_LSN, stop.toString());
        context.record(StartBackup.LABEL, label);
        StopBackup.recordComplete(context);
        return List.of(context.evidence(
                "base backup from %s to %s on timeline %s, by pg_basebackup %s"
                        .formatted(read.startLsn(), stop, read.startTimeline(), programs.version()),
                "pg_basebackup --verbose"));
    }

    private void noteMade(StepContext context) {
        TargetLayout layout = RecordedLayout.read(context.facts(), workDirectory());
        try (Sink sink = Routes.sink(site.target().host(), layout, context::checkAlive)) {
            MadeFiles.note(context, sink.list());
        }
    }

    private static String walName(ServerMajor major) {
        return CopyRules.of(major).walDirectory();
    }

    @Override
    public Verdict verify(StepContext context) {
        FinishedCopy copy = new FinishedCopy(site, context);
        if (copy.isStarted()) {
            return new Verdict.Verified(List.of(copy.startedEvidence()));
        }
        try {
            BackupLabel label = new BackupFiles(context.directory()).label();
            Lsn start = context.facts().lsn(StartBackup.START_LSN);
            if (!label.label().equals(context.facts().get(StartBackup.LABEL))) {
                return new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.BACKUP_LABEL_INVALID, "the label is not this backup's: \"%s\"", label.label())
                        .build());
            }
            WalSegmentSize size =
                    new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE)));
            TargetLayout layout =
                    RecordedLayout.read(context.facts(), site.target().dataDirectory());
            BackupEnd end = new BackupEndLookup(label.startTimeline(), size)
                    .findIn(
                            site.target().host(),
                            new ReceivedWal(site.target().host(), site.target().path(layout.walName())).current(),
                            start,
                            context.facts().lsn(StopBackup.STOP_LSN))
                    .orElseThrow(() -> UnderstudyException.of(
                                    ErrorCode.BACKUP_END_MISSING, "the backup came without the WAL of its end")
                            .build());
            context.record(StopBackup.BACKUP_END_LSN, end.lsn().toString());
            context.record(StopBackup.BACKUP_END_SEGMENT, end.segment().name());
            return new Verdict.Verified(List.of(
                    context.evidence("label \"" + label.label() + "\" with start " + start, BackupLabel.FILE_NAME),
                    context.evidence(
                            "BACKUP_END for start %s at %s, ending at %s, CRC right"
                                    .formatted(start, end.lsn(), end.endLsn()),
                            "WAL segment " + end.segment().name() + " of the target"),
                    copy.files()));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        clearEarlier(context);
        return claim().release(context);
    }

    /** What a killed attempt left: a pg_basebackup that goes on, half a backup, and the file that has the password. */
    private void clearEarlier(StepContext context) {
        if (context.facts().isTrue(BEGUN)) {
            LeftProcesses.end(site.target().host(), context.run(), name());
        }
        files().deleteRecursively(workDirectory());
        files().delete(BaseBackupProgram.passFile(workDirectory()));
    }
}
