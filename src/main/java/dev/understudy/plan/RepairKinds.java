package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.required;
import static dev.understudy.plan.Parameter.withDefault;
import static dev.understudy.plan.Section.PRIMARY;
import static dev.understudy.plan.Section.STANDBY;

import dev.understudy.plan.ParameterType.Choice;
import dev.understudy.plan.ParameterType.CommandLine;
import dev.understudy.plan.ParameterType.Rate;
import dev.understudy.plan.ParameterType.Span;
import dev.understudy.plan.ParameterType.TablespaceMap;
import dev.understudy.plan.ParameterType.Text;
import dev.understudy.plan.Places.AbsolutePath;
import dev.understudy.plan.Places.HostAddress;
import dev.understudy.plan.Places.SlotName;
import java.util.List;
import java.util.Set;

/** The kinds of step that repair what is there, for the playbooks that the doctor offers. */
public final class RepairKinds {
    public static final String STOP_STANDBY = "stop-standby";
    public static final String STOP_EXCLUSIVE_BACKUP = "stop-exclusive-backup";
    public static final String AWAIT_CONSISTENCY = "await-consistency";
    public static final String SWITCH_WAL = "switch-wal";
    public static final String AWAIT_REPLAY = "await-replay";
    public static final String SET_ARCHIVE_ASIDE = "set-archive-aside";
    public static final String RENEW_SLOT = "renew-slot";
    public static final String START_RECEIVER = "start-receiver";
    public static final String PROVE_RECEIVER = "prove-receiver";
    public static final String KEEP_BASE_BACKUP = "keep-base-backup";

    private static final Set<Section> BOTH = Set.of(PRIMARY, STANDBY);

    static final List<StepKind> ALL = List.of(
            new StepKind(
                    STOP_STANDBY,
                    "Stops the server of the standby's data directory, if it runs.",
                    Set.of(STANDBY),
                    List.of(withDefault(
                            "start",
                            new CommandLine(),
                            "pg_ctl",
                            "What starts, and so stops, it: pg_ctl, pg_ctlcluster, systemctl, or a command."))),
            new StepKind(
                    STOP_EXCLUSIVE_BACKUP,
                    "Stops the exclusive backup that is open on the primary, if it is the one that the standby waits for.",
                    BOTH,
                    List.of(
                            required("start_lsn", new Text(), "The start location of that backup."),
                            withDefault(
                                    "timeout",
                                    new Span(),
                                    "5min",
                                    "Limit of the wait for the archiver; the backup is stopped by then."))),
            new StepKind(
                    AWAIT_CONSISTENCY,
                    "Waits until the standby is consistent and answers queries.",
                    BOTH,
                    List.of(withDefault("timeout", new Span(), "1h", "Limit of the wait."))),
            new StepKind(
                    SWITCH_WAL,
                    "Ends the primary's current WAL segment, so that it can be archived.",
                    Set.of(PRIMARY),
                    List.of()),
            new StepKind(
                    AWAIT_REPLAY,
                    "Waits until the standby has replayed past a location.",
                    BOTH,
                    List.of(
                            required("lsn", new Text(), "The location."),
                            withDefault("timeout", new Span(), "10min", "Limit of the wait."))),
            new StepKind(
                    SET_ARCHIVE_ASIDE,
                    "Moves a receiver's segments, which cannot be continued, into a dated directory; removes nothing.",
                    Set.of(PRIMARY),
                    List.of(
                            required("directory", new AbsolutePath(), "The receiver's directory."),
                            withDefault(
                                    "host",
                                    new HostAddress(false),
                                    "local",
                                    "Where it is: local or ssh://user@host:port."),
                            required(
                                    "slot", new SlotName(), "The slot that the receiver uses; nobody may be using it."),
                            optional("stop", new CommandLine(), "Stops the receiver first."))),
            new StepKind(
                    RENEW_SLOT,
                    "Drops an inactive slot, and only that, and makes it anew so that it keeps WAL from now on.",
                    Set.of(PRIMARY),
                    List.of(required("slot", new SlotName(), "The physical replication slot."))),
            new StepKind(
                    START_RECEIVER,
                    "Starts the receiver by its command and waits until its slot is in use.",
                    Set.of(PRIMARY),
                    List.of(
                            required("command", new CommandLine(), "What starts it and returns."),
                            optional("stop", new CommandLine(), "What stops it again when the run gives up."),
                            withDefault(
                                    "host",
                                    new HostAddress(false),
                                    "local",
                                    "Where it runs: local or ssh://user@host:port."),
                            required("slot", new SlotName(), "The slot that it uses."),
                            withDefault("timeout", new Span(), "2min", "Limit of the wait."))),
            new StepKind(
                    PROVE_RECEIVER,
                    "Proves that the receiver streams and that its first segment joins up with its slot.",
                    Set.of(PRIMARY),
                    List.of(
                            required("directory", new AbsolutePath(), "The receiver's directory."),
                            withDefault(
                                    "host",
                                    new HostAddress(false),
                                    "local",
                                    "Where it is: local or ssh://user@host:port."),
                            required("slot", new SlotName(), "The slot that it uses."),
                            withDefault("timeout", new Span(), "5min", "Limit of the wait for the first segment."))),
            new StepKind(
                    KEEP_BASE_BACKUP,
                    "Takes a base backup to be kept, by pg_basebackup, and proves that an archive continues it.",
                    Set.of(PRIMARY),
                    List.of(
                            required("backup", new AbsolutePath(), "The new backup's directory, which must not exist."),
                            withDefault(
                                    "host",
                                    new HostAddress(false),
                                    "local",
                                    "Where it goes: local or ssh://user@host:port."),
                            optional(
                                    "bin_directory", new AbsolutePath(), "Where pg_basebackup is; found if not given."),
                            optional(
                                    "receiver",
                                    new AbsolutePath(),
                                    "A receiver's directory on that host, which must have the WAL that comes next."),
                            optional("tablespaces", new TablespaceMap(), "Where tablespaces go."),
                            withDefault("checkpoint", Choice.of("fast", "spread"), "fast", "At the backup's start."),
                            optional("rate_limit", new Rate(), "Upper limit of the rate."),
                            withDefault("timeout", new Span(), "24h", "Limit of the whole backup."))));

    private RepairKinds() {}
}
