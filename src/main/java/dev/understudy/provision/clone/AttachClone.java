package dev.understudy.provision.clone;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.hook.Hook;
import dev.understudy.provision.hook.HookFacts;
import dev.understudy.provision.hook.HookRun;
import dev.understudy.provision.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what the snapshot's hook made to where the standby is to run, by a hook of its own if there is one, and looks at
 * what is there then: a data directory, and not the source's own.
 */
public final class AttachClone implements Step {
    private final Site site;
    private final String name;
    private final Optional<Hook> hook;
    private final boolean last;

    /**
     * @param hook empty if the snapshot's hook has put the clone in its place already
     * @param last whether the clone is in its place after this step, so that it can be looked at
     */
    public AttachClone(Site site, String name, Optional<Hook> hook, boolean last) {
        this.site = site;
        this.name = name;
        this.hook = hook;
        this.last = last;
    }

    @Override
    public String name() {
        return name;
    }

    private static String occasion(StepContext context) {
        return context.facts().find(StartBackup.LABEL).orElse("before the backup");
    }

    @Override
    public Probe probe(StepContext context) {
        return new HookFacts(context, name).isComplete(occasion(context))
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending(hook.map(found -> "attach the clone by a command on "
                                + found.host().name())
                        .orElse("look whether the clone is in " + site.target().display()));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        List<Evidence> evidence = new ArrayList<>();
        if (hook.isPresent()) {
            HookRun run = new HookRun(hook.get(), context);
            evidence.addAll(run.cleanUp());
            evidence.addAll(
                    run.run(Map.of("UNDERSTUDY_DATA_DIRECTORY", site.target().dataDirectory())));
            CloneTimes.hookEnded(context);
            context.publish(name, run.facts().published());
        }
        if (last) {
            ClonedDirectory directory = new ClonedDirectory(site);
            evidence.add(directory.requireThere(context));
            evidence.add(directory.requireNotSource(context));
        }
        new HookFacts(context, name).complete(occasion(context));
        return evidence;
    }

    @Override
    public Verdict verify(StepContext context) {
        if (!last) {
            return new Verdict.Verified(
                    List.of(context.evidence("the hook said that it was done, by status 0", "the run's journal")));
        }
        try {
            return new Verdict.Verified(List.of(new ClonedDirectory(site).requireThere(context)));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return hook.map(found -> new HookRun(found, context).cleanUp()).orElse(List.of());
    }
}
