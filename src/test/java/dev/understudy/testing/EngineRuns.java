package dev.understudy.testing;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.engine.run.Engine;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.engine.run.Interruption;
import dev.understudy.host.Host;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbook;
import dev.understudy.plan.Playbooks;
import dev.understudy.promotion.rehearse.RehearsalSteps;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.lock.TargetLock;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import dev.understudy.provision.site.TargetSite;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Runs, resumes and aborts in this process without a console, with a listener that hears each event of the journal. */
public final class EngineRuns {
    private final Runs runs;
    private final Function<String, Host> hosts;
    private boolean keepsOnFailure;

    /** @param state an empty directory, or that of earlier runs */
    public EngineRuns(Path state, Function<String, Host> hosts) {
        this(state, hosts, "test");
    }

    /** @param version that of Understudy, as its journals have it */
    public EngineRuns(Path state, Function<String, Host> hosts, String version) {
        this.runs = new Runs(state, Clock.systemUTC(), ProcessInfo.current(version));
        this.hosts = hosts;
    }

    public Runs runs() {
        return runs;
    }

    /** As {@code --keep-on-failure} does. */
    public EngineRuns keepingOnFailure() {
        keepsOnFailure = true;
        return this;
    }

    /** Runs a playbook to whatever end it comes. */
    public RunState run(String name, Map<String, String> parameters, EngineListener listener) {
        return run(name, parameters, listener, new Interruption());
    }

    /** The same, with a way to stop it. */
    public RunState run(
            String name, Map<String, String> parameters, EngineListener listener, Interruption interruption) {
        Playbook playbook = Playbooks.load(name);
        Plan plan = playbook.resolve(parameters);
        try (Site site = new SiteOpener(hosts).open(plan)) {
            var definition = Provisioning.assemble(plan, site, RehearsalSteps.steps(site));
            RunHeader header = new RunHeader(
                    plan.name(),
                    plan.redacted().playbookText(),
                    plan.redacted().values(),
                    plan.redacted().withheld(),
                    site.target().display(),
                    definition.names(),
                    plan.provesStandby() ? Outcome.PROVEN : Outcome.DONE);
            try (OpenRun run = runs.create(header, each -> lock(site.target(), each))) {
                return new Engine(definition, listener, interruption)
                        .keepingOnFailure(keepsOnFailure)
                        .run(run);
            }
        }
    }

    private static TargetHold lock(TargetSite target, String run) {
        return TargetLock.take(target.host(), target.dataDirectory(), target.display(), run);
    }

    /** Goes on with a run; {@code changed} are parameters that it is given anew. */
    public RunState resume(String name, Map<String, String> changed, EngineListener listener) {
        return takeUp(name, changed, listener, Engine::resume);
    }

    public RunState abort(String name) {
        return takeUp(name, Map.of(), EngineListener.NONE, Engine::abort);
    }

    private RunState takeUp(
            String name,
            Map<String, String> changed,
            EngineListener listener,
            BiFunction<Engine, OpenRun, RunState> verb) {
        try (OpenRun run = runs.open(name)) {
            Map<String, String> parameters =
                    new LinkedHashMap<>(RunState.of(run.past()).start().parameters());
            parameters.putAll(changed);
            Plan plan = Playbook.read("playbook.yaml", runs.playbookText(name)).resolve(parameters);
            try (Site site = new SiteOpener(hosts).open(plan);
                    TargetHold ignored = lock(site.target(), name)) {
                return verb.apply(
                        new Engine(
                                        Provisioning.assemble(plan, site, RehearsalSteps.steps(site)),
                                        listener,
                                        new Interruption())
                                .keepingOnFailure(keepsOnFailure),
                        run);
            }
        }
    }
}
