package dev.understudy.testing;

import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Engine;
import dev.understudy.engine.run.Interruption;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.ssh.SshOptions;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;

/**
 * A run of a shipped playbook, in this process and in a thread of its own, that waits before a step until the test has
 * done to the world what it is about.
 *
 * <pre>
 * StagedRun run = StagedRun.of(directory, "standby", parameters).stageBefore("stop-backup").start();
 * run.awaitStage();
 * primary.crash();
 * run.goOn();
 * RunState end = run.end();
 * </pre>
 */
public final class StagedRun {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path directory;
    private final Map<String, String> parameters;
    private Runs runs;
    private final List<JournalEvent> heard = new CopyOnWriteArrayList<>();
    private final List<Consumer<JournalEvent>> listeners = new CopyOnWriteArrayList<>();
    private volatile Interruption interruption = new Interruption();
    private Function<String, Host> hosts = Hosts::open;
    private String text;
    private volatile String name = "";
    private volatile CompletableFuture<RunState> work = new CompletableFuture<>();

    private StagedRun(Path directory, String playbook, Map<String, String> parameters) {
        this.directory = directory;
        this.parameters = Map.copyOf(parameters);
        this.runs = runs(directory.resolve("state"));
        this.text = Playbooks.load(playbook).text();
    }

    /**
     * Prepares a run; nothing happens before {@link #start}.
     *
     * @param directory an empty directory for the run's state and the stage
     */
    public static StagedRun of(Path directory, String playbook, Map<String, String> parameters) {
        return new StagedRun(directory, playbook, parameters);
    }

    private static Runs runs(Path state) {
        return new Runs(state, Clock.systemUTC(), ProcessInfo.current("test"));
    }

    /** A state directory that it shares with other runs. */
    public StagedRun withState(Path state) {
        runs = runs(state);
        return this;
    }

    /** A hook step before that one waits for {@link #goOn}; once it has come, it does not wait again. */
    public StagedRun stageBefore(String step) {
        String wait = "touch '%s'; while [ ! -e '%s' ]; do sleep 0.05; done".formatted(reached(), released());
        return edited("  - " + step, "  - run: {command: \"" + wait + "\"}\n  - " + step);
    }

    /** A hook step of its own before that one. */
    public StagedRun commandBefore(String step, String command) {
        return edited("  - " + step, "  - run: {command: \"" + command + "\"}\n  - " + step);
    }

    /** Puts other text into the playbook. */
    public StagedRun edited(String from, String to) {
        if (!text.contains(from)) {
            throw new IllegalArgumentException("the playbook does not have: " + from);
        }
        text = text.replace(from, to);
        return this;
    }

    /** How hosts are reached whose names begin with {@code ssh://}. */
    public StagedRun with(SshOptions options) {
        hosts = name -> Hosts.open(name, options);
        return this;
    }

    /** Told of every event, on the engine's threads. */
    public StagedRun onEvent(Consumer<JournalEvent> listener) {
        listeners.add(listener);
        return this;
    }

    public StagedRun start() {
        launch(this::create);
        return this;
    }

    /** Finishes the run as a new process would. */
    public RunState resume() {
        launch(site -> reopen(site, Engine::resume));
        return end();
    }

    /** Clears the run away as a new process would. */
    public RunState abort() {
        launch(site -> reopen(site, Engine::abort));
        return end();
    }

    private void launch(Function<Site, RunState> verb) {
        interruption = new Interruption();
        CompletableFuture<RunState> result = new CompletableFuture<>();
        work = result;
        Thread thread = new Thread(
                () -> {
                    try (Site site = new SiteOpener(hosts).open(plan())) {
                        result.complete(verb.apply(site));
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "staged run");
        thread.setDaemon(true);
        thread.start();
    }

    private Plan plan() {
        return Playbooks.load(write("staged.yaml", text).toString()).resolve(parameters);
    }

    private RunState create(Site site) {
        Plan plan = plan();
        RunDefinition definition = Provisioning.assemble(plan, site);
        RunHeader header = new RunHeader(
                plan.name(),
                text,
                Map.of(),
                List.of(),
                site.target().display(),
                definition.names(),
                plan.provesStandby() ? Outcome.PROVEN : Outcome.DONE);
        try (OpenRun run = runs.create(header)) {
            name = run.name();
            return new Engine(definition, this::hear, interruption).run(run);
        }
    }

    private RunState reopen(Site site, BiFunction<Engine, OpenRun, RunState> verb) {
        RunDefinition definition = Provisioning.assemble(plan(), site);
        try (OpenRun run = runs.open(name)) {
            return verb.apply(new Engine(definition, this::hear, interruption), run);
        }
    }

    private void hear(JournalEvent event) {
        heard.add(event);
        listeners.forEach(each -> each.accept(event));
    }

    /** Waits until the run has come to its stage, once more if it has been there. */
    public void awaitStage() {
        Awaitility.await("the run to come to its stage")
                .atMost(LIMIT)
                .until(() -> Files.exists(reached()) || work.isDone());
        if (!Files.exists(reached())) {
            throw new AssertionError("the run ended before its stage: " + describe(end()));
        }
        try {
            Files.delete(reached());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the run pass its stage, now and whenever it comes there again. */
    public void goOn() {
        write("released", "");
    }

    /** Waits until an event of a kind has been heard, for as long as is promised and no longer. */
    public <T extends JournalEvent> T await(Class<T> type, Duration promised) {
        Awaitility.await(type.getSimpleName())
                .atMost(promised)
                .until(() -> !heard(type).isEmpty() || work.isDone());
        if (heard(type).isEmpty()) {
            throw new AssertionError("no " + type.getSimpleName() + ": " + describe(end()));
        }
        return heard(type).get(0);
    }

    public <T extends JournalEvent> List<T> heard(Class<T> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The way to ask the run to stop, as signals do. */
    public Interruption interruption() {
        return interruption;
    }

    /** Waits for the end. */
    public RunState end() {
        try {
            return work.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError("the run failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the run does not end; its last event: " + heard.get(heard.size() - 1), e);
        }
    }

    /** The run as its journal tells it. */
    public RunState state() {
        return runs.state(name);
    }

    /** What {@code understudy run} would end with. */
    public static int exitCode(RunState end) {
        return ExitCode.of(end).number();
    }

    /** Outcome, error and what is left, for searching and for a failed test's message. */
    public static String describe(RunState end) {
        StringBuilder text = new StringBuilder(end.outcome().printed());
        end.error()
                .ifPresent(error -> text.append('\n')
                        .append(error.code())
                        .append(": ")
                        .append(error.message())
                        .append('\n')
                        .append(error.detail())
                        .append('\n')
                        .append(String.join("\n", error.hints())));
        end.left()
                .forEach(left -> text.append("\nleft: ")
                        .append(left.message())
                        .append('\n')
                        .append(left.detail())
                        .append('\n')
                        .append(String.join("\n", left.hints())));
        return text.toString();
    }

    private Path reached() {
        return directory.resolve("reached");
    }

    private Path released() {
        return directory.resolve("released");
    }

    private Path write(String name, String contents) {
        try {
            return Files.writeString(directory.resolve(name), contents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
