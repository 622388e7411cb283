package dev.understudy.provision.sabotage;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.engine.run.RunDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Copies of a target at each moment at which a run says or asks something of its engine, which is at every line of its
 * journal and often between: a kill at that moment would leave it so. Equal ones are kept once.
 */
final class Snapshots {
    /** Called so often while files are copied that only some of the calls are taken. */
    private static final Set<String> FREQUENT = Set.of("checkAlive", "progress");

    private static final int TAKEN_OF_FREQUENT = 3;
    private static final int BETWEEN_FREQUENT = 60;

    private final Path target;
    private final Path into;
    private final AtomicInteger frequent = new AtomicInteger();
    private final Map<String, Path> taken = new LinkedHashMap<>();
    private String last = "";
    private boolean over;

    /** @param into a directory of the servers' account */
    Snapshots(Path target, Path into) {
        this.target = target;
        this.into = into;
    }

    /** By the moment they were taken at. */
    Map<String, Path> taken() {
        return taken;
    }

    /** The same run, watched until its standby is about to be started. */
    RunDefinition watching(RunDefinition run) {
        List<Step> steps = new ArrayList<>();
        for (Step step : run.steps()) {
            steps.add(new Watched(step));
        }
        return new RunDefinition(steps, run.brackets(), run.retries());
    }

    private synchronized void take(String moment) {
        if (over || !Files.isDirectory(target)) {
            return;
        }
        String state = state();
        if (state.equals(last)) {
            return;
        }
        last = state;
        Path copy = into.resolve(Integer.toString(taken.size()));
        // What another thread removes meanwhile may be missing, as after a kill.
        dev.understudy.testing.Account.run(
                List.of(
                        "sh",
                        "-c",
                        "cp -a \"$0\" \"$1\" 2>/dev/null; [ -d \"$1\" ]",
                        target.toString(),
                        copy.toString()),
                Map.of());
        taken.put(taken.size() + " " + moment, copy);
    }

    /** Paths with sizes and times. */
    private String state() {
        StringBuilder lines = new StringBuilder();
        try (Stream<Path> paths = Files.walk(target)) {
            for (Path path : paths.sorted().toList()) {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    BasicFileAttributes found =
                            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    lines.append(path).append(' ').append(found.isDirectory() ? 0 : found.size());
                    lines.append(' ')
                            .append(found.isDirectory() ? "" : found.lastModifiedTime())
                            .append('\n');
                }
            }
        } catch (IOException | UncheckedIOException changing) {
            return "changing";
        }
        return lines.toString();
    }

    private final class Watched implements Step {
        private final Step step;

        Watched(Step step) {
            this.step = step;
        }

        private StepContext watched(StepContext context) {
            return (StepContext) Proxy.newProxyInstance(
                    StepContext.class.getClassLoader(),
                    new Class<?>[] {StepContext.class},
                    (proxy, method, arguments) -> {
                        boolean often = FREQUENT.contains(method.getName());
                        if (!often || isDue()) {
                            take(step.name() + ": " + method.getName());
                        }
                        try {
                            return method.invoke(context, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private boolean isDue() {
            int call = frequent.incrementAndGet();
            return call % BETWEEN_FREQUENT == 0 && call / BETWEEN_FREQUENT <= TAKEN_OF_FREQUENT;
        }

        @Override
        public String name() {
            return step.name();
        }

        @Override
        public Probe probe(StepContext context) {
            take(step.name() + ": probed");
            over |= step.name().equals("start-standby");
            return step.probe(watched(context));
        }

        @Override
        public List<Evidence> apply(StepContext context) {
            List<Evidence> evidence = step.apply(watched(context));
            take(step.name() + ": applied");
            return evidence;
        }

        @Override
        public Verdict verify(StepContext context) {
            return step.verify(watched(context));
        }

        @Override
        public List<Evidence> undo(StepContext context) {
            return step.undo(context);
        }
    }
}
