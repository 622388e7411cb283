package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.required;
import static dev.understudy.plan.Parameter.withDefault;
import static dev.understudy.plan.Section.PRIMARY;
import static dev.understudy.plan.Section.STANDBY;

import dev.understudy.plan.ParameterType.Choice;
import dev.understudy.plan.ParameterType.CommandLine;
import dev.understudy.plan.ParameterType.ConnectionString;
import dev.understudy.plan.ParameterType.Flag;
import dev.understudy.plan.ParameterType.Rate;
import dev.understudy.plan.ParameterType.Settings;
import dev.understudy.plan.ParameterType.Size;
import dev.understudy.plan.ParameterType.Span;
import dev.understudy.plan.ParameterType.Text;
import dev.understudy.plan.ParameterType.Whole;
import dev.understudy.plan.Places.Names;
import dev.understudy.plan.Places.SlotName;
import dev.understudy.plan.Places.VolumeNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The catalogue of step kinds. The parser, the schema, the reference page and its test all read it. */
public final class StepKinds {
    public static final String PREFLIGHT = "preflight";
    public static final String RESERVE_WAL = "reserve-wal";
    public static final String START_BACKUP = "start-backup";
    public static final String COPY_DATA_DIRECTORY = "copy-data-directory";
    public static final String SNAPSHOT = "snapshot";
    public static final String STOP_BACKUP = "stop-backup";
    public static final String BASEBACKUP = "basebackup";
    public static final String ATTACH = "attach";
    public static final String SEAL = "seal";
    public static final String RENDER_RECOVERY = "render-recovery";
    public static final String START_STANDBY = "start-standby";
    public static final String PROVE_CONSISTENCY = "prove-consistency";
    public static final String RUN = "run";

    /** Those whose work is done by a command of somebody else's that follows the contract of hooks. */
    public static final Set<String> HOOKS = Set.of(SNAPSHOT, ATTACH);

    private static final Choice CHECKPOINT = Choice.of("fast", "spread");
    private static final Set<Section> BOTH = Set.of(PRIMARY, STANDBY);

    private static final List<StepKind> BUILDING = List.of(
            new StepKind(
                    PREFLIGHT,
                    "Looks at everything that would make a later step fail, before anything is changed.",
                    BOTH,
                    List.of(optional("skip", new Names(), "Ids of checks to leave out."))),
            new StepKind(
                    RESERVE_WAL,
                    "Makes sure that the WAL the standby needs is kept until it has it.",
                    Set.of(PRIMARY),
                    List.of(
                            withDefault("slot", new SlotName(), "understudy", "The physical replication slot."),
                            withDefault(
                                    "wal",
                                    Choice.of("slot", "stream", "archive"),
                                    "slot",
                                    "How WAL is kept: by a slot, by receiving it during the copy, or by an archive."),
                            optional(
                                    "restore_command",
                                    new CommandLine(),
                                    "Fetches WAL from the archive; needed with wal: archive."),
                            withDefault(
                                    "keep_free",
                                    new Size(),
                                    "1GB",
                                    "Free space on the primary below which the run gives its slot up."),
                            optional(
                                    "keep_most",
                                    new Size(),
                                    "WAL kept by the slot above which the run gives it up; seen without primary_host too."))),
            new StepKind(
                    START_BACKUP,
                    "Starts a base backup in a session that is guarded until stop-backup.",
                    Set.of(PRIMARY),
                    List.of(
                            withDefault(
                                    "checkpoint",
                                    CHECKPOINT,
                                    "fast",
                                    "Checkpoint at once, or spread as checkpoint_completion_target says."),
                            optional("label", new Text(), "The backup's label; the run's name is added to it."),
                            withDefault("timeout", new Span(), "1h", "Limit of the wait for the checkpoint."),
                            withDefault(
                                    "retry_for",
                                    new Span(),
                                    "4h",
                                    "How long a primary or a host that is away is waited for, each time."),
                            withDefault(
                                    "attempts",
                                    new Whole(1, 1000),
                                    "50",
                                    "How often the backup may be begun, the first time included."))),
            new StepKind(
                    COPY_DATA_DIRECTORY,
                    "Copies the primary's data directory and tablespaces, each byte read, checked and written once.",
                    BOTH,
                    List.of(
                            withDefault(
                                    "via",
                                    Choice.of("auto", "local", "ssh", "sql"),
                                    "auto",
                                    "The route of the bytes; auto takes the first that works and says why."),
                            withDefault("workers", new Whole(1, 64), "4", "How many copy at the same time."),
                            optional("rate_limit", new Rate(), "Upper limit of the rate, all workers together."),
                            withDefault(
                                    "onto",
                                    Choice.of("new", "existing"),
                                    "new",
                                    "Into a directory that is new or empty, or onto a stopped standby's."),
                            withDefault(
                                    "keep_old",
                                    Choice.of("changed", "all", "none"),
                                    "changed",
                                    "With onto: existing, what abort can put back: what is changed, until the server has"
                                            + " started; all, until the proof; or none."))),
            new StepKind(
                    SNAPSHOT,
                    "Has somebody else copy the source's volumes: a command that takes snapshots or clones a machine.",
                    BOTH,
                    HookParameters.with(
                            required("command", new CommandLine(), "What to run, by /bin/sh; status 0 is success."),
                            optional(
                                    "volumes",
                                    new VolumeNames(),
                                    "What is snapshotted, compared with what holds the cluster; all for every disk."),
                            optional(
                                    "parallel",
                                    new Whole(1, 64),
                                    "Run the command once for each volume, so many at the same time."))),
            new StepKind(
                    STOP_BACKUP,
                    "Stops the base backup, keeps its label and finds its end in the WAL bytes.",
                    Set.of(PRIMARY),
                    List.of(
                            optional(
                                    "wait_for_archive",
                                    new Flag(),
                                    "Wait until the backup's WAL is archived; by default if the standby depends on the archive."),
                            withDefault("timeout", new Span(), "1h", "Limit of the wait."))),
            new StepKind(
                    BASEBACKUP,
                    "Runs the target installation's own pg_basebackup, for a role that has REPLICATION and nothing else.",
                    BOTH,
                    List.of(
                            withDefault(
                                    "checkpoint",
                                    CHECKPOINT,
                                    "fast",
                                    "Checkpoint at once, or spread as checkpoint_completion_target says."),
                            optional("rate_limit", new Rate(), "Upper limit of the rate."),
                            withDefault("timeout", new Span(), "24h", "Limit of the whole backup."))),
            new StepKind(
                    ATTACH,
                    "Brings the clone to where the standby is to run, and looks whether it is one.",
                    BOTH,
                    HookParameters.with(optional(
                            "command", new CommandLine(), "What to run, by /bin/sh; nothing if the clone is there."))),
            new StepKind(
                    SEAL,
                    "Makes the directory that was cloned during the backup one that cannot start but as a standby.",
                    BOTH,
                    List.of(
                            withDefault(
                                    "archive_mode",
                                    Choice.of("off", "keep"),
                                    "off",
                                    "Whether the standby archives as its source does."),
                            optional("keep", new Names(), "Settings of the source that shall stay as they are."))),
            new StepKind(
                    RENDER_RECOVERY,
                    "Writes the standby's recovery configuration and gives pg_control its name.",
                    BOTH,
                    List.of(
                            optional(
                                    "replication",
                                    new ConnectionString(),
                                    "What the standby follows the primary with; the primary's host, port and user if not given."),
                            optional("restore_command", new CommandLine(), "Fetches WAL from an archive."),
                            optional("settings", new Settings(), "Further settings of the standby."))),
            new StepKind(
                    START_STANDBY,
                    "Starts the standby and follows its log until it accepts connections.",
                    Set.of(STANDBY),
                    List.of(
                            withDefault(
                                    "start",
                                    new CommandLine(),
                                    "pg_ctl",
                                    "pg_ctl, pg_ctlcluster, systemctl, or a command that starts it."),
                            withDefault("timeout", new Span(), "1h", "Limit of the wait."))),
            new StepKind(
                    PROVE_CONSISTENCY,
                    "Proves from outside that the standby is a consistent copy of the primary and follows it.",
                    BOTH,
                    List.of(
                            withDefault(
                                    "depth",
                                    Choice.of("quick", "full"),
                                    "quick",
                                    "Whether to read every file of the standby again."),
                            withDefault("timeout", new Span(), "10min", "Limit of the wait for replay."))),
            new StepKind(
                    RUN,
                    "Runs a command of yours; it sees the run's facts in its environment.",
                    Set.of(),
                    List.of(
                            required("command", new CommandLine(), "What to run, by /bin/sh; status 0 is success."),
                            withDefault("timeout", new Span(), "10min", "Limit after which it is killed."),
                            optional("undo", new CommandLine(), "What takes it back when the run gives up."))));

    private static final List<StepKind> ALL = Stream.of(
                    BUILDING, RepairKinds.ALL, PromotionKinds.ALL, RehearsalKinds.ALL)
            .flatMap(List::stream)
            .toList();

    private StepKinds() {}

    /** All kinds, in the order in which a playbook would use them. */
    public static List<StepKind> all() {
        return ALL;
    }

    public static Optional<StepKind> find(String name) {
        return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }
}
