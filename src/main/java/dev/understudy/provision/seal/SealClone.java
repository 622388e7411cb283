package dev.understudy.provision.seal;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.copy.CopiedInventory;
import dev.understudy.provision.site.BackupServer;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.ServerSettings;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.HostWalSource;
import dev.understudy.provision.wal.SqlWalSource;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.transfer.files.TargetLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Seals the standby's data directory, which somebody else cloned during the run's backup: proves that it is that and
 * untouched, takes pg_control its name and out of the clone what its source alone may have. {@code render-recovery}
 * completes it.
 */
public final class SealClone implements Step {
    public static final String NAME = "seal";

    /** Label of the backup that the clone was sealed for. */
    private static final String SEALED = "clone_sealed";

    private final Site site;
    private final boolean keepArchiving;
    private final Set<String> kept;

    /**
     * @param keepArchiving whether the standby shall archive as its source does
     * @param kept names of settings that shall stay as they are
     */
    public SealClone(Site site, boolean keepArchiving, Set<String> kept) {
        this.site = site;
        this.keepArchiving = keepArchiving;
        this.kept = Set.copyOf(kept);
    }

    @Override
    public String name() {
        return NAME;
    }

    private static boolean isSealed(StepContext context) {
        Optional<String> sealed = context.facts().find(SEALED);
        return sealed.isPresent() && sealed.equals(context.facts().find(StartBackup.LABEL));
    }

    @Override
    public Probe probe(StepContext context) {
        return isSealed(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("prove that " + site.target().display()
                        + " is an untouched clone taken during the backup, and take out of it what its source alone may"
                        + " have");
    }

    private static CloneBackup backup(StepContext context, String dataDirectory) {
        BackupFiles files = new BackupFiles(context.directory());
        return new CloneBackup(
                files.label(),
                files.tablespaceMapBytes(),
                context.facts().lsn(StopBackup.STOP_LSN),
                SystemIdentifier.parse(context.facts().get("system_identifier")),
                context.facts().isTrue("source_in_recovery"),
                BackupServer.startedAt(context.facts()),
                dataDirectory,
                List.of());
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        List<Evidence> evidence = new ArrayList<>();
        try (Session session = site.primary().open()) {
            Optional<ServerPaths> paths = ServerPaths.find(session);
            Sealing sealing = new Sealing(
                    site.target(),
                    backup(context, paths.map(ServerPaths::dataDirectory).orElse("")));
            Sealing.Examined examined = sealing.examine(question -> question.apply(source(session, paths)));
            if (examined.state() != Sealing.State.TO_SEAL) {
                throw UnderstudyException.of(
                                ErrorCode.TARGET_CHANGED,
                                "\"%s\" was sealed by something else than this run",
                                site.target().dataDirectory())
                        .build();
            }
            evidence.add(context.evidence(
                    "an untouched clone taken during the backup: " + examined.why(),
                    site.target().path(TargetLayout.CONTROL_FILE)));
            ControlFile control = examined.control();
            TargetLayout layout = sealing.layout(control);
            Map<String, String> settings = ServerSettings.of(session).values();
            ForeignSettings.note(settings).ifPresent(context::warn);
            List<ForeignSettings.Change> changes = ForeignSettings.changes(
                    control.major(),
                    settings,
                    new ReplicationFacts(session).enabledSubscriptions(),
                    keepArchiving,
                    kept);
            changes.forEach(change -> context.warn("set " + change));
            List<String> done = new ArrayList<>(sealing.disarm(examined, layout));
            done.addAll(sealing.neutralise(changes));
            done.forEach(
                    line -> evidence.add(context.evidence(line, site.target().dataDirectory())));
            CopiedInventory.of(context).startWithClone(layout);
        }
        context.record(SEALED, context.facts().get(StartBackup.LABEL));
        return evidence;
    }

    private WalSource source(Session session, Optional<ServerPaths> paths) {
        return site.primary().host().isPresent() && paths.isPresent()
                ? new HostWalSource(site.primary().host().get(), paths.get().walDirectory())
                : new SqlWalSource(session);
    }

    @Override
    public Verdict verify(StepContext context) {
        ClonedFiles clone = new ClonedFiles(site.target());
        if (!clone.isDisarmed() && !clone.control().isSealed() && !isStartedSince(context, clone)) {
            return new Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.TARGET_CHANGED,
                            "pg_control of \"%s\" has its name again, unsealed",
                            site.target().dataDirectory())
                    .detail("Something else worked on the directory.")
                    .build());
        }
        return new Verdict.Verified(List.of(context.evidence(
                "no server can start from the clone without the backup's label",
                site.target().path(TargetLayout.CONTROL_FILE))));
    }

    /** A resumed run asks again once the standby has run. */
    private static boolean isStartedSince(StepContext context, ClonedFiles clone) {
        String ours = context.facts().get(StartBackup.LABEL);
        return clone.label(BackupLabel.OLD_FILE_NAME)
                .filter(label -> label.label().equals(ours))
                .isPresent();
    }

    /** The clone is whoever made it to remove; unstartable as it is it can do no harm. */
    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
