package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.plan.RepairKinds;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.control.StartMethod;
import dev.understudy.provision.copy.CopyDataDirectory;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stops the server of the standby's data directory, so that the directory can be worked on. Undone, it runs again. */
final class StopStandby implements Step {
    private static final String STOPPED = "server_stopped";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Site site;
    private final RunningStandby standby;
    private final String start;

    /** @param start the plan's {@code start}: what starts such a server also stops it */
    StopStandby(Site site, String start) {
        this.site = site;
        this.standby = new RunningStandby(site);
        this.start = start;
    }

    @Override
    public String name() {
        return RepairKinds.STOP_STANDBY;
    }

    private TargetSite target() {
        return site.target();
    }

    @Override
    public Probe probe(StepContext context) {
        return standby.find()
                .<Probe>map(process -> new Probe.Pending(
                        "stop the server in \"%s\", pid %d".formatted(target().dataDirectory(), process.pid())))
                .orElseGet(() -> new Probe.Satisfied(List.of()));
    }

    private ServerPrograms programs() {
        return ServerPrograms.find(
                target().host(), target().binDirectory(), standby.control().major());
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        StartMethod method = StartMethod.parse(start, target().dataDirectory());
        Host host = method.stopsAsLogin() ? target().login() : target().host();
        Command stop = method.stop(programs(), target().dataDirectory()).withLimit(LIMIT);
        context.record(STOPPED, "true");
        CommandResult result = host.run(stop);
        if (standby.find().isPresent()) {
            result.orThrow();
        }
        return List.of(context.evidence("stopped", stop.toString()));
    }

    @Override
    public Verdict verify(StepContext context) {
        Optional<PostmasterFile> process = standby.find();
        if (process.isPresent()) {
            return new Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.COMMAND_FAILED,
                            "the server in \"%s\" still runs, pid %d",
                            target().dataDirectory(),
                            process.get().pid())
                    .hint("Stop it by what manages it, and run again.")
                    .build());
        }
        return new Verdict.Verified(List.of(context.evidence("no server runs there", target().path("postmaster.pid"))));
    }

    /** Whoever tried in vain finds it as it was. Once the directory was written to, its own undo has the say. */
    @Override
    public List<Evidence> undo(StepContext context) {
        boolean untouched = !CopyDataDirectory.hasClaimed(context.facts());
        if (!context.facts().isTrue(STOPPED) || standby.find().isPresent() || !untouched) {
            return List.of();
        }
        StartMethod method = StartMethod.parse(start, target().dataDirectory());
        Host host = method.runsAsLogin() ? target().login() : target().host();
        Command command = method.start(programs(), target().dataDirectory(), target().path("understudy-start.log"))
                .withLimit(LIMIT);
        host.run(command).orThrow();
        return List.of(context.evidence("started the server again", command.toString()));
    }
}
