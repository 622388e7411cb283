package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.site.ServerSettings;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.StandbyPort;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.server.Session;
import dev.understudy.transfer.files.TargetLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Completes the copy: the WAL that the standby has, a configuration that reaches nothing outside, the signal file, the
 * label, and last of all pg_control. Whatever is cut short before that cannot be started.
 */
final class IsolateCopy implements Step {
    /** Up to where the standby had received WAL when the copy got the last of it. */
    static final String WAL_END = "rehearsal_wal_end";

    static final String TIMELINE = "rehearsal_timeline";

    private static final String ISOLATED = "rehearsal_isolated";
    private static final Duration MOVE_LIMIT = Duration.ofMinutes(10);

    /** Only those of the copy's account get in, and they through a directory that nobody else may enter. */
    private static final String ADMISSION = "local all all trust\n";

    private static final String MOVE_WAL = """
            set -eu
            umask 077
            mkdir -p -- "$2/archive_status"
            for f in "$1"/*; do
                [ ! -f "$f" ] || mv -f -- "$f" "$2/"
            done
            """;

    private final Site site;
    private final long sharedBuffersBytes;

    IsolateCopy(Site site, long sharedBuffersBytes) {
        this.site = site;
        this.sharedBuffersBytes = sharedBuffersBytes;
    }

    @Override
    public String name() {
        return RehearsalKinds.ISOLATE_COPY;
    }

    static boolean isIsolated(StepContext context) {
        return context.facts().find(ISOLATED).isPresent()
                && context.facts().find(ISOLATED).equals(context.facts().find(StartBackup.LABEL));
    }

    @Override
    public Probe probe(StepContext context) {
        return isIsolated(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("give the copy its WAL and a configuration that reaches nothing outside of it");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        TargetDirectory directory = new TargetDirectory(site.target());
        byte[] pending = directory.copiedControlFile();
        ControlFile control = ControlFileReader.read(pending);
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(completeWal(context, control));
        configure(context, control, directory, evidence);
        boolean signals = control.major().isAtLeast(RecoveryConfiguration.SIGNAL_FILES_SINCE);
        directory.writePrivate(
                signals ? "standby.signal" : "recovery.conf",
                bytes(signals ? "" : "standby_mode = 'on'\nrecovery_target_timeline = 'latest'\n"));
        BackupFiles files = new BackupFiles(context.directory());
        files.requireAsReturned(context);
        // Without a tablespace map the server leaves the links alone, which lead into the copy's own directory.
        directory.write(BackupLabel.FILE_NAME, files.labelBytes());
        directory.installControlFile(ControlFileSealer.seal(
                pending,
                context.facts().lsn(StopBackup.STOP_LSN),
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)))));
        context.record(ISOLATED, context.facts().get(StartBackup.LABEL));
        return evidence;
    }

    private Evidence completeWal(StepContext context, ControlFile control) {
        Home home = new Home(site.target());
        if (context.facts().find(WAL_END).isEmpty()) {
            context.release(HoldWal.GUARD);
            WalHolder holder = context.kept(WalHolder.class).orElseGet(() -> WalHolder.of(site, context));
            Lsn end = holder.hold();
            Lsn stop = context.facts().lsn(StopBackup.STOP_LSN);
            if (end.isBefore(stop)) {
                throw UnderstudyException.of(
                                ErrorCode.BACKUP_ABORTED,
                                "the standby says that it has WAL up to %s, yet the backup stopped at %s",
                                end,
                                stop)
                        .build();
            }
            holder.requireAll(end);
            context.record(TIMELINE, holder.newestTimeline().toString());
            context.record(WAL_END, end.toString());
        }
        site.target()
                .host()
                .run(Command.shell(MOVE_WAL, home.wal(), site.target().path(WalDirectory.of(control.major())))
                        .withLimit(MOVE_LIMIT))
                .orThrow();
        return context.evidence(
                "the copy has all WAL that the standby has, from %s to %s"
                        .formatted(
                                context.facts().get(StartBackup.START_LSN),
                                context.facts().get(WAL_END)),
                site.target().path(WalDirectory.of(control.major())));
    }

    private void configure(
            StepContext context, ControlFile control, TargetDirectory directory, List<Evidence> evidence) {
        ServerSettings source;
        try (Session session = site.primary().open()) {
            source = ServerSettings.of(session);
        }
        CopySettings settings = new CopySettings(control.major(), source.fromConfigurationFiles(), control);
        int port = StandbyPort.choose(
                site, context, Integer.parseInt(source.values().get("port")));
        context.record(StandbyPort.PORT, Integer.toString(port));
        Map<String, String> all = settings.all(port, new Home(site.target()).socket(), buffers(source));
        directory.writePrivate("postgresql.conf", bytes(CopySettings.render(all)));
        directory.writePrivate("postgresql.auto.conf", new byte[0]);
        directory.writePrivate("pg_hba.conf", bytes(ADMISSION));
        directory.writePrivate("pg_ident.conf", new byte[0]);
        evidence.add(context.evidence(
                "its configuration was written anew, %d settings: no TCP, no archiving, no upstream, no slots"
                        .formatted(all.size()),
                site.target().path("postgresql.conf")));
        evidence.add(context.evidence(
                settings.droppedLibraries().isEmpty()
                        ? "no preloaded library of the standby's runs jobs or connects elsewhere, as far as is known: %s"
                                .formatted(list(settings.keptLibraries()))
                        : "left out %s, which would run jobs or connect elsewhere; kept %s"
                                .formatted(list(settings.droppedLibraries()), list(settings.keptLibraries())),
                "shared_preload_libraries"));
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /** No more than the plan says, and no more than the standby has. */
    private long buffers(ServerSettings source) {
        long blocks = Long.parseLong(source.values().getOrDefault("shared_buffers", "16384"));
        long blockBytes = Long.parseLong(source.values().getOrDefault("block_size", "8192"));
        return Math.min(sharedBuffersBytes, blocks * blockBytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Verdict verify(StepContext context) {
        if (CopyServer.wasStarted(context)) {
            return new Verdict.Verified(
                    List.of(context.evidence("was completed before its server was started", "the run's journal")));
        }
        TargetDirectory directory = new TargetDirectory(site.target());
        ControlFile control = directory.controlFile();
        Lsn stop = context.facts().lsn(StopBackup.STOP_LSN);
        if (!control.isSealed() || control.minRecoveryPoint().isBefore(stop)) {
            return new Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.TARGET_CHANGED,
                            "pg_control of the copy in \"%s\" is not sealed up to %s",
                            site.target().dataDirectory(),
                            stop)
                    .detail("Something else worked on the directory.")
                    .build());
        }
        return new Verdict.Verified(List.of(context.evidence(
                "pg_control is sealed: no start without the label, minimum recovery point "
                        + control.minRecoveryPoint(),
                site.target().path(TargetLayout.CONTROL_FILE))));
    }

    /** The files lie in the directory that hold-wal made, and go with it. */
    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
