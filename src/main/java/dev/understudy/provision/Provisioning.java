package dev.understudy.provision;

import dev.understudy.engine.Step;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.backup.ReserveByArchive;
import dev.understudy.provision.backup.ReserveSlot;
import dev.understudy.provision.backup.SlotLimits;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.copy.CopyDataDirectory;
import dev.understudy.provision.copy.ReserveByStream;
import dev.understudy.provision.copy.TakeBaseBackup;
import dev.understudy.provision.hook.RunCommand;
import dev.understudy.provision.seal.SealClone;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.ProveConsistency;
import dev.understudy.provision.standby.RenderRecovery;
import dev.understudy.provision.standby.StartStandby;
import dev.understudy.server.backup.CheckpointMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns a plan into the steps that the engine runs. */
public final class Provisioning {
    private final Plan plan;
    private final PlannedStandby wanted;
    private final Site site;
    private final Map<String, Function<StepCall, Step>> makers;

    private Provisioning(Plan plan, Site site, Map<String, Function<StepCall, Step>> others) {
        this.plan = plan;
        this.wanted = new PlannedStandby(plan);
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
        Repeats repeats = new Repeats(plan);
        return new RunDefinition(steps, repeats.brackets(), repeats.retries());
    }

    private Step make(StepCall call) {
        Function<StepCall, Step> maker = makers.get(call.kind().name());
        if (maker == null) {
            throw new IllegalStateException("no step for " + call.kind().name());
        }
        return maker.apply(call);
    }

    private Step preflight(StepCall call) {
        return new PreflightStep(context -> new PlannedPreflight(wanted, site).request(call, context.facts()));
    }

    private Step reserveWal(StepCall call) {
        Arguments arguments = call.arguments();
        return switch (arguments.text("wal")) {
            case "archive" -> new ReserveByArchive(site, arguments.text("restore_command"));
            case "stream" -> new ReserveByStream(site, wanted.copyOptions());
            default ->
                new ReserveSlot(
                        site,
                        arguments.text("slot"),
                        wanted.isOntoExisting(),
                        new SlotLimits(arguments.size("keep_free"), arguments.findSize("keep_most")));
        };
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
        return new CopyDataDirectory(site, wanted.copyOptions());
    }

    private Step baseBackup(StepCall call) {
        Arguments arguments = call.arguments();
        return new TakeBaseBackup(
                site,
                wanted.slot(),
                arguments.text("checkpoint"),
                arguments.findSize("rate_limit").orElse(0L),
                arguments.duration("timeout"));
    }

    private Step stopBackup(StepCall call) {
        // A standby that depends on the archive could not become consistent before the archive has it all.
        boolean waitForArchive = call.arguments()
                .findFlag("wait_for_archive")
                .orElse(wanted.walWay().equals("archive"));
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
                        wanted.slot(),
                        arguments.findText("restore_command"),
                        arguments.pairs("settings"),
                        wanted.cluster(site.target().dataDirectory())));
    }

    private Step startStandby(StepCall call) {
        return new StartStandby(
                site,
                call.arguments().text("start"),
                wanted.isFullDepth(),
                call.arguments().duration("timeout"));
    }

    private Step prove(StepCall call) {
        return new ProveConsistency(
                site,
                wanted.cluster(site.target().dataDirectory()),
                wanted.isFullDepth(),
                call.arguments().duration("timeout"));
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
