package dev.understudy.provision;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.run.Bracket;
import dev.understudy.engine.run.Patience;
import dev.understudy.engine.run.RetryPolicy;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.ErrorCode;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.backup.ReserveByArchive;
import dev.understudy.provision.backup.ReserveSlot;
import dev.understudy.provision.backup.SlotLimits;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.clone.TakeSnapshot;
import dev.understudy.provision.control.StartMethod;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.copy.CopyDataDirectory;
import dev.understudy.provision.copy.CopyOptions;
import dev.understudy.provision.copy.KeepOld;
import dev.understudy.provision.copy.ReserveByStream;
import dev.understudy.provision.copy.TakeBaseBackup;
import dev.understudy.provision.hook.RunCommand;
import dev.understudy.provision.preflight.check.wal.SlotNameCheck;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.seal.SealClone;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.ProveConsistency;
import dev.understudy.provision.standby.RenderRecovery;
import dev.understudy.provision.standby.StartStandby;
import dev.understudy.server.backup.CheckpointMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a plan into the steps that the engine runs. */
public final class Provisioning {
    /** Errors that mean that the primary is away, and may come back. */
    private static final Set<ErrorCode> PRIMARY_AWAY = Set.of(
            ErrorCode.CONNECTION_FAILED,
            ErrorCode.HOST_NOT_RESOLVED,
            ErrorCode.SERVER_SHUTTING_DOWN,
            ErrorCode.SERVER_STARTING,
            ErrorCode.SERVER_UNREACHABLE,
            ErrorCode.SESSION_LOST,
            ErrorCode.TOO_MANY_CONNECTIONS);

    /** Errors that mean that the backup cannot be completed, while what is copied is still of use to the next one. */
    private static final Set<ErrorCode> BACKUP_LOST =
            with(PRIMARY_AWAY, ErrorCode.BACKUP_SESSION_LOST, ErrorCode.BACKUP_ABORTED);

    private static final Set<String> NOT_REPEATED = Set.of(StepKinds.PREFLIGHT, StepKinds.RUN);

    /** After the copy: it is too dear to be thrown away because the primary is restarted while the standby is proven. */
    private static final Set<String> AFTER_BACKUP = Set.of(StepKinds.RENDER_RECOVERY, StepKinds.PROVE_CONSISTENCY);

    private static final String MORE_PATIENCE =
            "How long and how often a backup is begun again is said by retry_for and attempts of start-backup.";

    /** For a plan without a start-backup that says. */
    private static final Patience PATIENCE = Patience.of(50, Duration.ofHours(4));

    private final Plan plan;
    private final Site site;
    private final Map<String, Function<StepCall, Step>> makers;

    private Provisioning(Plan plan, Site site, Map<String, Function<StepCall, Step>> others) {
        this.plan = plan;
        this.site = site;
        this.makers = new HashMap<>(others);
        makers.putAll(Map.ofEntries(
                Map.entry(StepKinds.PREFLIGHT, this::preflight),
                Map.entry(StepKinds.RESERVE_WAL, this::reserveWal),
                Map.entry(StepKinds.START_BACKUP, this::startBackup),
                Map.entry(StepKinds.COPY_DATA_DIRECTORY, this::copy),
                Map.entry(StepKinds.SNAPSHOT, this::snapshot),
                Map.entry(StepKinds.STOP_BACKUP, this::stopBackup),
                Map.entry(StepKinds.BASEBACKUP, this::baseBackup),
                Map.entry(StepKinds.ATTACH, this::attach),
                Map.entry(StepKinds.SEAL, this::seal),
                Map.entry(StepKinds.RENDER_RECOVERY, this::renderRecovery),
                Map.entry(StepKinds.START_STANDBY, this::startStandby),
                Map.entry(StepKinds.PROVE_CONSISTENCY, this::prove),
                Map.entry(StepKinds.RUN, this::command)));
    }

    /** The steps of a plan, with the backup as a bracket that starts over when its session is lost. */
    public static RunDefinition assemble(Plan plan, Site site) {
        return assemble(plan, site, Map.of());
    }

    /**
     * The same, with steps of other rooms.
     *
     * @param others what makes those steps, by their kind
     */
    public static RunDefinition assemble(Plan plan, Site site, Map<String, Function<StepCall, Step>> others) {
        Provisioning provisioning = new Provisioning(plan, site, others);
        List<Step> steps = new ArrayList<>();
        for (StepCall call : plan.steps()) {
            steps.add(provisioning.make(call));
        }
        return new RunDefinition(steps, provisioning.brackets(), provisioning.retries());
    }

    /** A connection to a host that is cut is made anew by whoever tries again; a hook is its author's to repeat. */
    private Map<String, RetryPolicy> retries() {
        Map<String, RetryPolicy> retries = new LinkedHashMap<>();
        for (StepCall call : plan.steps()) {
            String kind = call.kind().name();
            if (StepKinds.HOOKS.contains(kind)) {
                retries.put(call.name(), CloneSteps.retries(call));
            } else if (!NOT_REPEATED.contains(kind)) {
                Set<ErrorCode> on = AFTER_BACKUP.contains(kind)
                        ? with(PRIMARY_AWAY, ErrorCode.HOST_UNREACHABLE)
                        : Set.of(ErrorCode.HOST_UNREACHABLE);
                retries.put(call.name(), new RetryPolicy(on, patience()));
            }
        }
        return retries;
    }

    private static Set<ErrorCode> with(Set<ErrorCode> codes, ErrorCode... more) {
        return Stream.concat(codes.stream(), Stream.of(more)).collect(Collectors.toSet());
    }

    private Patience patience() {
        return plan.findStep(StepKinds.START_BACKUP)
                .map(StepCall::arguments)
                .map(arguments -> Patience.of(arguments.integer("attempts"), arguments.duration("retry_for")))
                .orElse(PATIENCE);
    }

    private Step make(StepCall call) {
        Function<StepCall, Step> maker = makers.get(call.kind().name());
        if (maker == null) {
            throw new IllegalStateException("no step for " + call.kind().name());
        }
        return maker.apply(call);
    }

    private List<Bracket> brackets() {
        Optional<StepCall> start = plan.findStep(StepKinds.START_BACKUP);
        Optional<StepCall> stop = plan.findStep(StepKinds.STOP_BACKUP);
        return start.isPresent() && stop.isPresent()
                ? List.of(new Bracket(
                        "backup", start.get().name(), stop.get().name(), BACKUP_LOST, patience(), MORE_PATIENCE))
                : List.of();
    }

    private Step preflight(StepCall call) {
        return new PreflightStep(context -> preflightRequest(call, context));
    }

    private PreflightRequest preflightRequest(StepCall call, StepContext context) {
        TargetSite target = site.target();
        Target where = new Target(
                target.dataDirectory(),
                target.walDirectory(),
                target.tablespaces(),
                target.socketDirectory(),
                target.binDirectory(),
                target.port().isPresent() ? Optional.of(target.port().getAsInt()) : Optional.empty(),
                isOntoExisting(),
                CopyDataDirectory.hasClaimed(context.facts()) || TakeSnapshot.hasBegun(context.facts()),
                cluster());
        Optional<Arguments> copy = plan.findStep(StepKinds.COPY_DATA_DIRECTORY).map(StepCall::arguments);
        Intent intent = new Intent(
                where,
                route(copy),
                WalWay.valueOf(walWay().toUpperCase(Locale.ROOT)),
                slot(),
                restoreCommand(),
                copy.map(arguments -> arguments.integer("workers")).orElse(1),
                copy.flatMap(arguments -> arguments.findSize("rate_limit")),
                plan.findStep(StepKinds.RENDER_RECOVERY)
                        .map(render -> render.arguments().pairs("settings"))
                        .orElse(Map.of()),
                plan.findStep(StepKinds.SNAPSHOT)
                        .map(snapshot -> snapshot.arguments().names("volumes"))
                        .orElse(List.of()));
        Optional<String> replication = plan.findStep(StepKinds.RENDER_RECOVERY)
                .flatMap(render -> render.arguments().findText("replication"));
        return new PreflightRequest(
                site.primary().conninfo(),
                site.primary().host(),
                target.host(),
                site.primary().replication(replication, slot().orElse("understudy")),
                intent,
                skipped(call, context.facts()),
                PreflightRequest.DEFAULT_LIMIT);
    }

    private Route route(Optional<Arguments> copy) {
        Route other = plan.findStep(StepKinds.SNAPSHOT).isPresent() ? Route.COMMAND : Route.BASEBACKUP;
        return copy.map(arguments -> Route.of(arguments.text("via"))).orElse(other);
    }

    /** A slot that the run has made, or taken over, exists and may be in use; reserve-wal tells whose it is. */
    private Set<String> skipped(StepCall preflight, Facts facts) {
        Set<String> skipped = new HashSet<>(preflight.arguments().names("skip"));
        if (slot().isPresent() && facts.find("slot").equals(slot())) {
            skipped.add(SlotNameCheck.ID);
        }
        return skipped;
    }

    private String walWay() {
        return plan.findStep(StepKinds.RESERVE_WAL)
                .map(call -> call.arguments().text("wal"))
                .orElse("archive");
    }

    private Optional<String> restoreCommand() {
        return plan.findStep(StepKinds.RENDER_RECOVERY)
                .flatMap(call -> call.arguments().findText("restore_command"));
    }

    private Step reserveWal(StepCall call) {
        Arguments arguments = call.arguments();
        return switch (arguments.text("wal")) {
            case "archive" -> new ReserveByArchive(site, arguments.text("restore_command"));
            case "stream" -> new ReserveByStream(site, copyOptions());
            default ->
                new ReserveSlot(
                        site,
                        arguments.text("slot"),
                        isOntoExisting(),
                        new SlotLimits(arguments.size("keep_free"), arguments.findSize("keep_most")));
        };
    }

    private boolean isOntoExisting() {
        return plan.findStep(StepKinds.COPY_DATA_DIRECTORY)
                .map(call -> call.arguments().text("onto").equals("existing"))
                .orElse(false);
    }

    private Optional<String> slot() {
        return plan.findStep(StepKinds.RESERVE_WAL)
                .map(StepCall::arguments)
                .filter(arguments -> arguments.text("wal").equals("slot"))
                .map(arguments -> arguments.text("slot"));
    }

    private Step startBackup(StepCall call) {
        Arguments arguments = call.arguments();
        return new StartBackup(
                site,
                arguments.findText("label"),
                CheckpointMode.valueOf(arguments.text("checkpoint").toUpperCase(Locale.ROOT)),
                arguments.duration("timeout"));
    }

    private Step copy(StepCall call) {
        return new CopyDataDirectory(site, copyOptions());
    }

    private CopyOptions copyOptions() {
        Arguments arguments =
                plan.findStep(StepKinds.COPY_DATA_DIRECTORY).orElseThrow().arguments();
        return new CopyOptions(
                Route.of(arguments.text("via")),
                arguments.integer("workers"),
                arguments.findSize("rate_limit").orElse(0L),
                arguments.text("onto").equals("existing"),
                KeepOld.of(arguments.text("keep_old")),
                walWay().equals("stream"));
    }

    private Step baseBackup(StepCall call) {
        Arguments arguments = call.arguments();
        return new TakeBaseBackup(
                site,
                slot(),
                arguments.text("checkpoint"),
                arguments.findSize("rate_limit").orElse(0L),
                arguments.duration("timeout"));
    }

    private Step stopBackup(StepCall call) {
        // A standby that depends on the archive could not become consistent before the archive has it all.
        boolean waitForArchive = call.arguments().findFlag("wait_for_archive").orElse(walWay().equals("archive"));
        return new StopBackup(site, waitForArchive, call.arguments().duration("timeout"));
    }

    private Step seal(StepCall call) {
        Arguments arguments = call.arguments();
        return new SealClone(site, arguments.text("archive_mode").equals("keep"), Set.copyOf(arguments.names("keep")));
    }

    private Step renderRecovery(StepCall call) {
        Arguments arguments = call.arguments();
        return new RenderRecovery(
                site,
                new RenderRecovery.Options(
                        arguments.findText("replication"),
                        slot(),
                        arguments.findText("restore_command"),
                        arguments.pairs("settings"),
                        cluster()));
    }

    private Optional<DebianCluster> cluster() {
        return plan.findStep(StepKinds.START_STANDBY)
                .map(call -> StartMethod.parse(
                        call.arguments().text("start"), site.target().dataDirectory()))
                .flatMap(StartMethod::cluster);
    }

    private Step startStandby(StepCall call) {
        return new StartStandby(
                site,
                call.arguments().text("start"),
                isFullDepth(),
                call.arguments().duration("timeout"));
    }

    private boolean isFullDepth() {
        return plan.findStep(StepKinds.PROVE_CONSISTENCY)
                .map(call -> call.arguments().text("depth").equals("full"))
                .orElse(false);
    }

    private Step prove(StepCall call) {
        return new ProveConsistency(
                site, cluster(), isFullDepth(), call.arguments().duration("timeout"));
    }

    private Step snapshot(StepCall call) {
        return new CloneSteps(site).snapshot(call);
    }

    private Step attach(StepCall call) {
        return new CloneSteps(site)
                .attach(call, plan.findLastStep(StepKinds.ATTACH).equals(Optional.of(call)));
    }

    private Step command(StepCall call) {
        Arguments arguments = call.arguments();
        return new RunCommand(
                site.here(),
                call.name(),
                arguments.text("command"),
                arguments.findText("undo"),
                arguments.duration("timeout"),
                Map.of("UNDERSTUDY_DATA_DIRECTORY", site.target().dataDirectory()));
    }
}
