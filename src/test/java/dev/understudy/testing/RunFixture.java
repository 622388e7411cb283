package dev.understudy.testing;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Attempt;
import dev.understudy.doctor.remedy.StandbyRepair;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.Step;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.ssh.SshOptions;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import dev.understudy.plan.StepCall;
import dev.understudy.promotion.rehearse.RehearsalSteps;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.lock.TargetLock;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import dev.understudy.report.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Runs playbooks in this process, by the classes that {@code understudy run} is made of, with a state directory of its
 * own.
 *
 * <pre>
 * RunState run = new RunFixture(temporary, sshd.options()).run("standby", Map.of("primary", primary.conninfo(), …));
 * assertThat(run.outcome()).isEqualTo(Outcome.PROVEN);
 * </pre>
 */
public final class RunFixture {
    private final Runs runs;
    private final Function<String, Host> hosts;
    private UnaryOperator<RunDefinition> change = UnaryOperator.identity();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** @param state an empty directory for what the runs write */
    public RunFixture(Path state) {
        this(state, Hosts::open);
    }

    /** @param options how hosts are reached whose names begin with {@code ssh://} */
    public RunFixture(Path state, SshOptions options) {
        this(state, name -> Hosts.open(name, options));
    }

    /** @param hosts gives a host by its name */
    public RunFixture(Path state, Function<String, Host> hosts) {
        this.runs = new Runs(state, Clock.systemUTC(), ProcessInfo.current("test"));
        this.hosts = hosts;
    }

    /** Has the steps of each later run changed before it starts: fault injectors put around them, for example. */
    public RunFixture changing(UnaryOperator<RunDefinition> steps) {
        change = steps;
        return this;
    }

    /** Runs a playbook to whatever end it comes. */
    public RunState run(String playbook, Map<String, String> parameters) {
        said.reset();
        Plan plan = Playbooks.load(playbook).resolve(parameters);
        Site site = new SiteOpener(hosts).open(plan);
        try (Assembled assembled = new Assembled(
                change.apply(Provisioning.assemble(plan, site, steps(site))),
                site.target().display(),
                run -> TargetLock.takeIfThere(
                        site.target().host(),
                        site.target().dataDirectory(),
                        site.target().display(),
                        run),
                site)) {
            Console.Stream stream = Console.Stream.plain(new PrintStream(said, true, StandardCharsets.UTF_8));
            Attempt attempt = new Attempt(new Console(stream, stream), Format.TEXT, Interruption.Mode.UNDO);
            RunReport report = attempt.start(runs, plan, assembled);
            return runs.state(report.run());
        }
    }

    private static Map<String, Function<StepCall, Step>> steps(Site site) {
        Map<String, Function<StepCall, Step>> steps = new HashMap<>(StandbyRepair.steps(site));
        steps.putAll(RehearsalSteps.steps(site));
        return steps;
    }

    /** The same, and fails with all that the run said unless the standby is proven. */
    public RunState prove(String playbook, Map<String, String> parameters) {
        RunState end;
        try {
            end = run(playbook, parameters);
        } catch (UnderstudyException e) {
            throw new AssertionError(e.describe() + "\n" + said(), e);
        }
        if (end.outcome() != Outcome.PROVEN) {
            throw new AssertionError("the run ended " + end.outcome() + ":\n" + said());
        }
        return end;
    }

    /** What the last run told people. */
    public String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
