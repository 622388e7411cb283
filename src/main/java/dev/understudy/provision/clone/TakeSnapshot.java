package dev.understudy.provision.clone;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.hook.Hook;
import dev.understudy.provision.hook.HookFacts;
import dev.understudy.provision.hook.HookRun;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.volume.VolumeMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets somebody else copy the source's volumes while the backup is open: a hook that takes snapshots or clones a machine.
 * The volumes need not be taken at one moment; the backup's WAL makes up for what lies between.
 */
public final class TakeSnapshot implements Step {
    static final String NAME = "snapshot";

    private final Site site;
    private final Hook hook;
    private final SnapshotOptions options;

    public TakeSnapshot(Site site, Hook hook, SnapshotOptions options) {
        this.site = site;
        this.hook = hook;
        this.options = options;
    }

    @Override
    public String name() {
        return hook.step();
    }

    /** Whether a hook of this run may have put a clone where the standby is to be. */
    public static boolean hasBegun(Facts facts) {
        return facts.isTrue(NAME + "_begun");
    }

    /** A snapshot belongs to one backup: when that starts over, it is taken anew. */
    private static String occasion(StepContext context) {
        return context.facts().find(StartBackup.LABEL).orElse("before the backup");
    }

    @Override
    public Probe probe(StepContext context) {
        return new HookFacts(context, name()).isComplete(occasion(context))
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("take the snapshot%s by a command on %s: %s"
                        .formatted(
                                options.volumes().isEmpty() ? "" : " of " + String.join(", ", options.volumes()),
                                hook.host().name(),
                                firstLine()));
    }

    private String firstLine() {
        return hook.command()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        HookRun run = new HookRun(hook, context);
        List<Evidence> evidence = new ArrayList<>(clearEarlier(context, run));
        SourceVolumes source = new SourceVolumes(site, options.volumes());
        Optional<VolumeMap> map = source.look(context.facts());
        boolean fromStandby = context.facts().isTrue("source_in_recovery");
        List<String> volumes = source.inOrder(map, fromStandby);
        map.ifPresent(found -> found.describe()
                .forEach(line -> evidence.add(context.evidence(line, "findmnt and lsblk of the source"))));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("UNDERSTUDY_DATA_DIRECTORY", site.target().dataDirectory());
        variables.put("UNDERSTUDY_SOURCE_DATA_DIRECTORY", source.dataDirectory(context.facts()));
        variables.put("UNDERSTUDY_VOLUMES", String.join("\n", volumes));
        if (options.parallel().isPresent() && !volumes.isEmpty()) {
            evidence.addAll(
                    new VolumeHooks(run, context, options.parallel().getAsInt()).run(volumes, fromStandby, variables));
        } else {
            evidence.addAll(run.run(variables));
        }
        CloneTimes.hookEnded(context);
        run.facts().complete(occasion(context));
        context.publish(NAME, run.facts().published());
        return evidence;
    }

    /** What an attempt made that came to nothing is of no use to this one. */
    private List<Evidence> clearEarlier(StepContext context, HookRun run) {
        if (hook.cleanup().isEmpty() && !run.facts().made().isEmpty()) {
            context.warn("what an earlier attempt of the snapshot made is left, since the plan has no clean-up: "
                    + String.join(", ", run.facts().made()));
            return List.of();
        }
        return run.cleanUp();
    }

    @Override
    public Verdict verify(StepContext context) {
        if (!new HookFacts(context, name()).isComplete(occasion(context))) {
            return new Verdict.Refuted(
                    UnderstudyException.of(ErrorCode.HOOK_FAILED, "the snapshot of this backup was not completed")
                            .build());
        }
        List<String> made = new HookFacts(context, name()).made();
        return new Verdict.Verified(List.of(context.evidence(
                made.isEmpty()
                        ? "the hook said that it was done, by status 0, and named nothing"
                        : "the hook said that it was done, by status 0: " + String.join(", ", made),
                "the run's journal; the clone itself is looked at when it is attached and sealed")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return new HookRun(hook, context).cleanUp();
    }
}
