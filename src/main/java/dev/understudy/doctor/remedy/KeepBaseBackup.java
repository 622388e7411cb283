package dev.understudy.doctor.remedy;

import dev.understudy.doctor.archive.SegmentDirectoryReader;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.LeftProcesses;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegment;
import dev.understudy.provision.backup.Cancellable;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.copy.BaseBackupProgram;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a base backup to be kept. It is proven by the label, by the end-of-backup record in the WAL that came with it, and,
 * where a receiver's directory is given, by the WAL there that goes on from it: a backup that its archive does not continue
 * could not be rolled forward.
 */
final class KeepBaseBackup implements Step {
    private static final String MADE = "base_backup_made";
    private static final String TRYING = "trying";
    private static final String LABEL = "base_backup_label";
    private static final String STOP_LSN = "base_backup_stop_lsn";
    private static final int LABEL_BYTES = 1 << 16;

    private final Conninfo primary;
    private final Host host;
    private final Wanted wanted;

    KeepBaseBackup(Conninfo primary, Host host, Wanted wanted) {
        this.primary = primary;
        this.host = host;
        this.wanted = wanted;
    }

    /**
     * What is to be taken.
     *
     * @param directory the backup's, an absolute path
     * @param programs directory of pg_basebackup; found if empty
     * @param receiver the directory whose WAL is to continue the backup
     * @param tablespaces new location by old
     * @param checkpoint {@code fast} or {@code spread}
     * @param bytesPerSecond 0 for no limit
     * @param limit of the whole backup
     */
    record Wanted(
            String directory,
            Optional<String> programs,
            Optional<String> receiver,
            Map<String, String> tablespaces,
            String checkpoint,
            long bytesPerSecond,
            Duration limit) {}

    @Override
    public String name() {
        return RepairKinds.KEEP_BASE_BACKUP;
    }

    @Override
    public Probe probe(StepContext context) {
        if (context.facts().find(STOP_LSN).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        boolean there = host.files().status(wanted.directory()).isPresent();
        if (there && context.facts().find(MADE).isEmpty()) {
            return new Probe.Conflicting(
                    UnderstudyException.of(ErrorCode.TARGET_NOT_EMPTY, "\"%s\" exists already", wanted.directory())
                            .hint("Name a directory that does not exist yet with -e backup=….")
                            .build());
        }
        return new Probe.Pending("take a base backup to \"%s\" by pg_basebackup".formatted(wanted.directory()));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        ServerIdentity identity;
        try (Session session = Session.open(primary)) {
            identity = new ServerFacts(session).identity();
        }
        claim(context);
        String label = "understudy " + context.run();
        context.record(LABEL, label);
        ServerPrograms programs =
                ServerPrograms.find(host, wanted.programs(), identity.version().major());
        BaseBackupProgram.Order order = new BaseBackupProgram.Order(
                wanted.directory(),
                label,
                wanted.checkpoint(),
                Optional.empty(),
                wanted.bytesPerSecond(),
                wanted.tablespaces(),
                Optional.empty(),
                false);
        context.waiting("pg_basebackup");
        Lsn stop = Cancellable.run(
                context,
                () -> {},
                () -> new BaseBackupProgram(host, programs, primary, context.run(), name()).run(order, wanted.limit()));
        context.record(STOP_LSN, stop.toString());
        return List.of(context.evidence(
                "base backup up to %s, by pg_basebackup %s".formatted(stop, programs.version()),
                "pg_basebackup --verbose"));
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = Session.open(primary)) {
            ServerIdentity identity = new ServerFacts(session).identity();
            BackupLabel label =
                    BackupLabel.parse(host.files().read(wanted.directory() + "/" + BackupLabel.FILE_NAME, LABEL_BYTES));
            if (!label.label().equals(context.facts().get(LABEL))) {
                return refuted("the label is not this backup's: \"" + label.label() + "\"");
            }
            Lsn stop = context.facts().lsn(STOP_LSN);
            ServerMajor major = identity.version().major();
            String wal = wanted.directory() + "/" + FormatVersion.of(major).walDirectory();
            Optional<BackupEnd> end = new BackupEndLookup(label.startTimeline(), identity.walSegmentSize())
                    .findIn(host, wal, label.startLsn(), stop);
            if (end.isEmpty()) {
                return refuted("the backup came without the WAL of its end, " + stop);
            }
            Evidence whole = context.evidence(
                    "BACKUP_END for start %s at %s, ending at %s, CRC right"
                            .formatted(label.startLsn(), end.get().lsn(), stop),
                    wal + "/" + end.get().segment().name());
            return wanted.receiver()
                    .map(receiver -> continued(
                            context,
                            whole,
                            receiver,
                            WalSegment.endingAt(label.startTimeline(), stop, identity.walSegmentSize())))
                    .orElseGet(() -> new Verdict.Verified(List.of(whole)));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    /** The receiver has, or will ask for, no later segment than the one that holds the backup's end, and none is missing. */
    private Verdict continued(StepContext context, Evidence whole, String receiver, WalSegment last) {
        SegmentDirectory directory = new SegmentDirectoryReader(host, receiver).read();
        boolean there = directory.has(last.name())
                || directory.next().filter(last::equals).isPresent();
        boolean gap = directory.gaps().stream().anyMatch(each -> each.after().compareTo(last) > 0);
        if (!there || gap) {
            return refuted("the receiver's WAL does not continue the backup, which ends in " + last);
        }
        return new Verdict.Verified(List.of(
                whole,
                context.evidence("the WAL of the receiver continues the backup from " + last + " on", receiver)));
    }

    private static Verdict refuted(String what) {
        return new Verdict.Refuted(
                UnderstudyException.of(ErrorCode.NOT_PROVEN, "%s", what).build());
    }

    /** Makes the directory itself, so that it is nobody else's; what an earlier attempt left in it goes. */
    private void claim(StepContext context) {
        if (context.facts().isTrue(MADE)) {
            remove(context);
        }
        context.record(MADE, TRYING);
        host.files().createDirectory(wanted.directory(), 0700);
        context.record(MADE, "true");
    }

    /** A pg_basebackup whose run was killed would go on writing. */
    private void remove(StepContext context) {
        LeftProcesses.end(host, context.run(), name());
        host.files().deleteRecursively(wanted.directory());
        host.files().delete(BaseBackupProgram.passFile(wanted.directory()));
    }

    /** Half a backup is of no use to anybody. A directory that may be somebody else's is left where it holds anything. */
    @Override
    public List<Evidence> undo(StepContext context) {
        if (!context.facts().isTrue(MADE)) {
            boolean empty = context.facts().find(MADE).isPresent()
                    && host.files().status(wanted.directory()).isPresent()
                    && host.files().list(wanted.directory()).isEmpty();
            if (empty) {
                host.files().delete(wanted.directory());
            }
            return List.of();
        }
        remove(context);
        return List.of(context.evidence("removed the backup that was begun", wanted.directory()));
    }
}
