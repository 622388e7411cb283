package dev.understudy.provision.clone;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.hook.HookRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs one hook for each volume, several at the same time; from a standby the last volume after all the others. */
final class VolumeHooks {
    private final HookRun run;
    private final StepContext context;
    private final int parallel;

    VolumeHooks(HookRun run, StepContext context, int parallel) {
        this.run = run;
        this.context = context;
        this.parallel = parallel;
    }

    /**
     * Runs them to their end, also when one fails: what the others make must be known.
     *
     * @param lastAlone whether the last volume waits for the others
     * @throws UnderstudyException the first failure
     */
    List<Evidence> run(List<String> volumes, boolean lastAlone, Map<String, String> variables) {
        List<Evidence> evidence = new ArrayList<>();
        int together = lastAlone ? volumes.size() - 1 : volumes.size();
        evidence.addAll(runAll(volumes.subList(0, together), variables));
        evidence.addAll(runAll(volumes.subList(together, volumes.size()), variables));
        return evidence;
    }

    private List<Evidence> runAll(List<String> volumes, Map<String, String> variables) {
        ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, Math.min(parallel, volumes.size())));
        List<Future<List<Evidence>>> hooks = new ArrayList<>();
        for (String volume : volumes) {
            Map<String, String> own = new LinkedHashMap<>(variables);
            own.put("UNDERSTUDY_VOLUME", volume);
            hooks.add(executor.submit(() -> run.run(own)));
        }
        try {
            return collect(volumes, hooks);
        } finally {
            executor.shutdownNow();
        }
    }

    private List<Evidence> collect(List<String> volumes, List<Future<List<Evidence>>> hooks) {
        List<Evidence> evidence = new ArrayList<>();
        List<UnderstudyException> failures = new ArrayList<>();
        for (int i = 0; i < hooks.size(); i++) {
            try {
                evidence.add(context.evidence("volume " + volumes.get(i), "the plan"));
                evidence.addAll(hooks.get(i).get());
            } catch (InterruptedException e) {
                context.checkAlive();
                Thread.currentThread().interrupt();
                throw UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "the wait for the hooks was interrupted")
                        .cause(e)
                        .build();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnderstudyException failure)) {
                    throw new IllegalStateException(e);
                }
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
            throw failures.get(0);
        }
        return evidence;
    }
}
