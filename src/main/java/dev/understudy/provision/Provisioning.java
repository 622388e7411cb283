package dev.understudy.provision;

import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.run.Bracket;
import dev.understudy.engine.run.RetryPolicy;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.ErrorCode;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.backup.ReserveByArchive;
import dev.understudy.provision.backup.ReserveSlot;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.copy.CopyDataDirectory;
import dev.understudy.provision.copy.CopyOptions;
import dev.understudy.provision.copy.KeepOld;
import dev.understudy.provision.copy.ReserveByStream;
import dev.understudy.provision.copy.TakeBaseBackup;
import dev.understudy.provision.hook.RunCommand;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.ProveConsistency;
import dev.understudy.provision.standby.RenderRecovery;
import dev.understudy.provision.standby.StartStandby;
import dev.understudy.server.backup.CheckpointMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns a plan into the steps that the engine runs. */
public final class Provisioning {
    /** Errors that mean that the backup cannot be completed, while what is copied is still of use to the next one. */
    private static final Set<ErrorCode> BACKUP_LOST = Set.of(
            ErrorCode.BACKUP_SESSION_LOST,
            ErrorCode.BACKUP_ABORTED,
            ErrorCode.SESSION_LOST,
            ErrorCode.SERVER_UNREACHABLE,
            ErrorCode.SERVER_STARTING,
            ErrorCode.SERVER_SHUTTING_DOWN,
            ErrorCode.CONNECTION_FAILED);

    private static final Set<String> NOT_REPEATED = Set.of(StepKinds.PREFLIGHT, StepKinds.RUN);

    /** About three minutes of trying, longer than a host's restart. */
    private static final RetryPolicy WHEN_HOST_IS_LOST =
            new RetryPolicy(Set.of(ErrorCode.HOST_UNREACHABLE), 9, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final Plan plan;
    private final Site site;
    private final Map<String, Function<StepCall, Step>> makers;

    private Provisioning(Plan plan, Site site) {
        this.plan = plan;
        this.site = site;
        this.makers = Map.of(
                StepKinds.PREFLIGHT, this::preflight,
                StepKinds.RESERVE_WAL, this::reserveWal,
                StepKinds.START_BACKUP, this::startBackup,
                StepKinds.COPY_DATA_DIRECTORY, this::copy,
                StepKinds.STOP_BACKUP, this::stopBackup,
                StepKinds.BASEBACKUP, this::baseBackup,
                StepKinds.RENDER_RECOVERY, this::renderRecovery,
                StepKinds.START_STANDBY, this::startStandby,
                StepKinds.PROVE_CONSISTENCY, this::prove,
                StepKinds.RUN, this::command);
    }

    /** The steps of a plan, with the backup as a bracket that starts over when its session is lost. */
    public static RunDefinition assemble(Plan plan, Site site) {
        Provisioning provisioning = new Provisioning(plan, site);
        List<Step> steps = new ArrayList<>();
        for (StepCall call : plan.steps()) {
            steps.add(provisioning.make(call));
        }
        return new RunDefinition(steps, provisioning.brackets(), retries(plan));
    }

    /** A connection to a host that is cut is made anew by whoever tries again; a hook is its author's to repeat. */
    private static Map<String, RetryPolicy> retries(Plan plan) {
        Map<String, RetryPolicy> retries = new LinkedHashMap<>();
        for (StepCall call : plan.steps()) {
            if (!NOT_REPEATED.contains(call.kind().name())) {
                retries.put(call.name(), WHEN_HOST_IS_LOST);
            }
        }
        return retries;
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
                ? List.of(Bracket.of("backup", start.get().name(), stop.get().name(), BACKUP_LOST))
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
                CopyDataDirectory.hasClaimed(context.facts()));
        Optional<Arguments> copy = plan.findStep(StepKinds.COPY_DATA_DIRECTORY).map(StepCall::arguments);
        Intent intent = new Intent(
                where,
                copy.map(arguments -> Route.of(arguments.text("via"))).orElse(Route.BASEBACKUP),
                WalWay.valueOf(walWay().toUpperCase(Locale.ROOT)),
                slot(),
                restoreCommand(),
                copy.map(arguments -> arguments.integer("workers")).orElse(1),
                copy.flatMap(arguments -> arguments.findSize("rate_limit")),
                plan.findStep(StepKinds.RENDER_RECOVERY)
                        .map(render -> render.arguments().pairs("settings"))
                        .orElse(Map.of()));
        Optional<String> replication = plan.findStep(StepKinds.RENDER_RECOVERY)
                .flatMap(render -> render.arguments().findText("replication"));
        return new PreflightRequest(
                site.primary().conninfo(),
                site.primary().host(),
                target.host(),
                site.primary().replication(replication, slot().orElse("understudy")),
                intent,
                Set.copyOf(call.arguments().names("skip")),
                PreflightRequest.DEFAULT_LIMIT);
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
            default -> new ReserveSlot(site, arguments.text("slot"), isOntoExisting(), arguments.size("keep_free"));
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

    private Step renderRecovery(StepCall call) {
        Arguments arguments = call.arguments();
        return new RenderRecovery(
                site,
                new RenderRecovery.Options(
                        arguments.findText("replication"),
                        slot(),
                        arguments.findText("restore_command"),
                        arguments.pairs("settings")));
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
        return new ProveConsistency(site, isFullDepth(), call.arguments().duration("timeout"));
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
