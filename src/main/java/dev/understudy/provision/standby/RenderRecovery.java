package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.provision.backup.BackupFiles;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.copy.CopiedInventory;
import dev.understudy.provision.copy.FinishedCopy;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.recovery.Templates;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.TargetLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the copied directory a standby's: configuration, then the signal file, then the label, last of all the sealed
 * pg_control. Whatever is cut short before pg_control has its name cannot be started at all; from then on signal file and
 * label are there.
 */
public final class RenderRecovery implements Step {
    static final String NAME = "render-recovery";

    private static final String RENDERED = FinishedCopy.RENDERED;

    private final Site site;
    private final Options options;
    private final Templates templates = new Templates();

    /**
     * What the plan says of the standby's configuration.
     *
     * @param replication connection string the standby follows the primary with
     * @param slot the slot it streams from
     * @param restoreCommand how it fetches WAL from an archive
     * @param settings further settings by name
     * @param cluster the cluster of Debian's that it will be started as, which has a configuration of its own
     */
    public record Options(
            Optional<String> replication,
            Optional<String> slot,
            Optional<String> restoreCommand,
            Map<String, String> settings,
            Optional<DebianCluster> cluster) {
        /** What Understudy sets itself, each with the parameter that says it; empty where nothing may. */
        private static final Map<String, String> OWN = Map.of(
                "data_directory", "data_directory",
                "hot_standby", "",
                "port", "port",
                "primary_conninfo", "replication",
                "primary_slot_name", "slot",
                "restore_command", "restore_command",
                "standby_mode", "",
                "unix_socket_directories", "socket_directory");

        /** @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} for a setting that is not the plan's to make */
        public Options {
            settings = Map.copyOf(settings);
            settings.keySet().forEach(Options::requireFree);
        }

        private static void requireFree(String setting) {
            String name = setting.toLowerCase(Locale.ROOT);
            String parameter = OWN.get(name);
            if (parameter != null || name.startsWith("recovery_target")) {
                UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.VALUE_INVALID,
                        "settings cannot have \"%s\", which a standby needs as it is",
                        setting);
                throw (parameter == null || parameter.isEmpty()
                                ? error
                                : error.hint("Use the parameter %s.", parameter))
                        .build();
            }
        }
    }

    public RenderRecovery(Site site, Options options) {
        this.site = site;
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    static boolean isRendered(StepContext context) {
        return context.facts().find(RENDERED).equals(context.facts().find(StartBackup.LABEL))
                && context.facts().find(RENDERED).isPresent();
    }

    @Override
    public Probe probe(StepContext context) {
        TargetDirectory directory = new TargetDirectory(site.target());
        return isRendered(context) && directory.has(TargetLayout.CONTROL_FILE) && hasPort(context, directory)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("write the standby's configuration, signal file and backup_label to "
                        + site.target().display() + ", and seal pg_control");
    }

    /** A resumed run may have been given another port, when the first one turned out to be taken. */
    private boolean hasPort(StepContext context, TargetDirectory directory) {
        if (site.target().port().isEmpty()) {
            return true;
        }
        String port = Integer.toString(site.target().port().getAsInt());
        boolean hasServed = !directory.controlFile().isSealed();
        return hasServed || context.facts().find(StandbyPort.PORT).equals(Optional.of(port));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        TargetDirectory directory = new TargetDirectory(site.target());
        byte[] pending = directory.copiedControlFile();
        ControlFile control = ControlFileReader.read(pending);
        requireSameCluster(context, control);
        requireOfThisBackup(context, control);
        context.record(FinishedCopy.RENDERING, context.facts().get(StartBackup.LABEL));
        RenderedFiles rendered = new RenderedFiles(directory);
        ServerPrograms programs =
                ServerPrograms.find(site.target().host(), site.target().binDirectory(), control.major());
        ParsedConfiguration server = new ParsedConfiguration(
                site.target(),
                programs,
                options.cluster()
                        .map(DebianCluster::configurationDirectory)
                        .orElse(site.target().dataDirectory()));
        RecoveryConfiguration configuration =
                new ConfigurationWriter(site, options, templates, rendered, server).write(context, control);
        Evidence parsed = server.check(context, configuration);
        rendered.writePrivate(
                configuration.signalFileName(),
                configuration.signalFile(templates).getBytes(StandardCharsets.UTF_8));
        writeBackupFiles(context, rendered, control.major());
        Lsn stop = context.facts().lsn(StopBackup.STOP_LSN);
        TimelineId timeline =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(StartBackup.START_TIMELINE)));
        byte[] sealed = ControlFileSealer.seal(pending, stop, timeline);
        rendered.add(TargetLayout.CONTROL_FILE, sealed);
        CopiedInventory inventory = CopiedInventory.of(context);
        inventory.writeManifest(rendered.files(), control, site.target());
        directory.installControlFile(sealed);
        inventory.complete(rendered.files(), site.target());
        context.record(RENDERED, context.facts().get(StartBackup.LABEL));
        return List.of(parsed);
    }

    private static void requireSameCluster(StepContext context, ControlFile control) {
        String expected = context.facts().get("system_identifier");
        if (!control.systemIdentifier().toString().equals(expected)) {
            throw UnderstudyException.of(
                            ErrorCode.SOURCE_CHANGED,
                            "the copied pg_control has system identifier %s, the primary has %s",
                            control.systemIdentifier(),
                            expected)
                    .build();
        }
    }

    /** The control file is copied last: one from before the start checkpoint is somebody's older copy. */
    private static void requireOfThisBackup(StepContext context, ControlFile control) {
        Lsn start = context.facts().lsn(StartBackup.START_LSN);
        if (control.redoLsn().isBefore(start)) {
            throw UnderstudyException.of(
                            ErrorCode.TARGET_CHANGED,
                            "the copied pg_control is older than the backup: its REDO location is %s, the backup started at %s",
                            control.redoLsn(),
                            start)
                    .build();
        }
        String timeline = context.facts().get(StartBackup.START_TIMELINE);
        // A standby's own control file may lag behind the timeline that it replays; a primary's cannot.
        if (!context.facts().isTrue("source_in_recovery")
                && !control.timeline().toString().equals(timeline)) {
            throw UnderstudyException.of(
                            ErrorCode.TARGET_CHANGED,
                            "the copied pg_control is of timeline %s, the backup of timeline %s",
                            control.timeline(),
                            timeline)
                    .build();
        }
    }

    /** The map goes first: a label that is there with no map would start without its tablespaces' links. */
    private void writeBackupFiles(StepContext context, RenderedFiles rendered, ServerMajor major) {
        BackupFiles files = new BackupFiles(context.directory());
        files.requireAsReturned(context);
        byte[] map = files.tablespaceMapBytes();
        if (map.length > 0) {
            rendered.write(
                    "tablespace_map",
                    TablespaceMapRewrite.relocate(map, site.target().tablespaces(), major));
        }
        rendered.write(BackupLabel.FILE_NAME, files.labelBytes());
    }

    @Override
    public Verdict verify(StepContext context) {
        TargetDirectory directory = new TargetDirectory(site.target());
        if (StartStandby.wasStarted(context)) {
            return new Verdict.Verified(
                    List.of(context.evidence("was rendered before the server was started", "the run's journal")));
        }
        ControlFile control = directory.controlFile();
        Lsn stop = context.facts().lsn(StopBackup.STOP_LSN);
        byte[] label = new BackupFiles(context.directory()).labelBytes();
        String signal = new RecoveryConfiguration(control.major(), "", Optional.empty(), Optional.empty(), Map.of())
                .signalFileName();
        if (!control.isSealed() || control.minRecoveryPoint().isBefore(stop)) {
            return refuted("pg_control is not sealed up to " + stop);
        }
        if (!directory.has(signal)) {
            return refuted("there is no " + signal);
        }
        if (!directory
                .find(BackupLabel.FILE_NAME)
                .map(found -> Arrays.equals(found, label))
                .orElse(false)) {
            return refuted("backup_label is not the one that the primary returned");
        }
        return new Verdict.Verified(List.of(
                context.evidence(
                        "pg_control is sealed: no checkpoint to start from without the label, minimum recovery point "
                                + control.minRecoveryPoint(),
                        site.target().path(TargetLayout.CONTROL_FILE)),
                context.evidence(
                        signal + " and the primary's backup_label, byte for byte, are there",
                        site.target().dataDirectory())));
    }

    private Verdict refuted(String what) {
        return new Verdict.Refuted(UnderstudyException.of(
                        ErrorCode.TARGET_CHANGED,
                        "in the target \"%s\" %s",
                        site.target().dataDirectory(),
                        what)
                .detail("Something else worked on the directory.")
                .build());
    }

    /** The files lie in the data directory that the copy made, and go with it. */
    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }

    /** The source's settings that decide what has to be written, by name. */
    static Map<String, String> merged(Map<String, String> first, Map<String, String> second) {
        Map<String, String> merged = new TreeMap<>(first);
        merged.putAll(second);
        return merged;
    }
}
