package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.required;
import static dev.understudy.plan.Parameter.withDefault;
import static dev.understudy.plan.Section.PRIMARY;
import static dev.understudy.plan.Section.STANDBY;

import dev.understudy.plan.ParameterType.Choice;
import dev.understudy.plan.ParameterType.Rate;
import dev.understudy.plan.ParameterType.Size;
import dev.understudy.plan.ParameterType.Span;
import dev.understudy.plan.ParameterType.Whole;
import dev.understudy.plan.Places.AbsolutePath;
import dev.understudy.plan.Places.AbsolutePaths;
import java.util.List;
import java.util.Set;

/**
 * The kinds of step that rehearse a promotion. In their plans the section {@code primary} names the standby that is copied,
 * and {@code standby} the throw-away copy.
 */
public final class RehearsalKinds {
    public static final String CHECK_REHEARSAL = "check-rehearsal";
    public static final String HOLD_WAL = "hold-wal";
    public static final String COPY_STANDBY = "copy-standby";
    public static final String ISOLATE_COPY = "isolate-copy";
    public static final String START_COPY = "start-copy";
    public static final String PROMOTE_COPY = "promote-copy";
    public static final String EXAMINE_COPY = "examine-copy";
    public static final String REMOVE_COPY = "remove-copy";

    private static final Set<Section> BOTH = Set.of(PRIMARY, STANDBY);

    static final List<StepKind> ALL = List.of(
            new StepKind(
                    CHECK_REHEARSAL,
                    "Looks at everything that a rehearsal needs, before anything is made.",
                    BOTH,
                    List.of(
                            required("data_directory", new AbsolutePath(), "The data directory of the standby."),
                            withDefault(
                                    "copy",
                                    Choice.of("auto", "reflink", "files"),
                                    "auto",
                                    "Blocks shared with the standby's, where the file system can; or its files, byte for byte."),
                            optional(
                                    "probes",
                                    new AbsolutePaths(),
                                    "Files of SQL on this machine, each to return true."))),
            new StepKind(
                    HOLD_WAL,
                    "Makes the copy's directory and copies WAL into it, before the standby can recycle it.",
                    BOTH,
                    List.of(withDefault(
                            "interval", new Span(), "2s", "Time between looks for WAL that was received since."))),
            new StepKind(
                    COPY_STANDBY,
                    "Copies the standby's files, as gently as the plan says; nothing is written to it.",
                    BOTH,
                    List.of(
                            withDefault("workers", new Whole(1, 64), "2", "How many copy at the same time."),
                            withDefault("rate_limit", new Rate(), "128MB", "Upper limit of the rate, all together."),
                            withDefault(
                                    "max_lag",
                                    new Size(),
                                    "64MB",
                                    "WAL that the standby has received and not replayed, above which copying pauses."),
                            withDefault(
                                    "max_pause",
                                    new Span(),
                                    "15min",
                                    "How long copying may pause in all before the rehearsal is given up."))),
            new StepKind(
                    ISOLATE_COPY,
                    "Writes the copy a configuration that reaches nothing outside of it, and completes its WAL.",
                    BOTH,
                    List.of(withDefault(
                            "shared_buffers",
                            new Size(),
                            "128MB",
                            "The most memory that the copy uses for its buffers."))),
            new StepKind(
                    START_COPY,
                    "Starts the copy, and waits until it is consistent and has replayed all that the standby had.",
                    Set.of(STANDBY),
                    List.of(
                            withDefault("nice", new Whole(0, 19), "10", "How much the copy's server stands back."),
                            withDefault("timeout", new Span(), "1h", "Limit of the wait."))),
            new StepKind(
                    PROMOTE_COPY,
                    "Promotes the copy and measures the time to the first write.",
                    Set.of(STANDBY),
                    List.of(withDefault("timeout", new Span(), "10min", "Limit of the wait."))),
            new StepKind(
                    EXAMINE_COPY,
                    "Looks whether what was promoted is a good primary: timeline, writes, indexes, pages, sequences, your SQL.",
                    Set.of(STANDBY),
                    List.of(
                            optional(
                                    "probes",
                                    new AbsolutePaths(),
                                    "Files of SQL on this machine, each to return true."),
                            withDefault("timeout", new Span(), "6h", "Limit of each single look."))),
            new StepKind(
                    REMOVE_COPY,
                    "Stops the copy's server and removes all that was made.",
                    Set.of(STANDBY),
                    List.of(withDefault(
                            "keep",
                            Choice.of("never", "on-failure"),
                            "never",
                            "Whether the copy stays, stopped, when something was found."))));

    private RehearsalKinds() {}
}
