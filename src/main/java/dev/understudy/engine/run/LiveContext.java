package dev.understudy.engine.run;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** What one step sees of the run, for one attempt at it. */
final class LiveContext implements StepContext {
    /** The longest sleep without a look whether the run has to stop: a step's own threads are not interrupted. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private final LiveRun run;
    private final Stop stop;
    private final Guards guards;
    private final KeptResources kept;
    private final String step;
    private final String bracket;
    private String lastWaiting = "";

    /** End of the wait that goes on, in the run's nanoseconds; empty when none does. */
    private volatile OptionalLong waitEnds = OptionalLong.empty();

    LiveContext(LiveRun run, Stop stop, Guards guards, KeptResources kept, String step, String bracket) {
        this.run = run;
        this.stop = stop;
        this.guards = guards;
        this.kept = kept;
        this.step = step;
        this.bracket = bracket;
    }

    @Override
    public String run() {
        return run.run().name();
    }

    @Override
    public Path directory() {
        return run.run().directory();
    }

    @Override
    public Clock clock() {
        return run.time().clock();
    }

    @Override
    public boolean claim(String what) {
        return run.run().claim(what);
    }

    @Override
    public Facts facts() {
        return run.facts();
    }

    @Override
    public void record(String name, String value) {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a fact's name has lower-case letters, digits and underscores: " + name);
        }
        run.append(new JournalEvent.FactRecorded(run.now(), step, name, value));
    }

    @Override
    public void publish(String part, Map<String, ?> content) {
        run.append(new JournalEvent.Published(run.now(), step, part, new LinkedHashMap<>(content)));
    }

    @Override
    public void warn(String message) {
        run.warn(step, message);
    }

    @Override
    public void waiting(String what) {
        OptionalLong ends = waitEnds;
        long left = ends.isPresent() ? Math.max(0, ends.getAsLong() - run.time().nanos()) : 0;
        waiting(what, Duration.ofNanos(left));
    }

    @Override
    public void waiting(String what, Duration left) {
        synchronized (this) {
            if (what.equals(lastWaiting)) {
                return;
            }
            lastWaiting = what;
        }
        run.append(new JournalEvent.Waiting(run.now(), step, what, left.toMillis() / 1000.0));
    }

    @Override
    public void progress(Progress progress) {
        run.progress(step, progress);
    }

    @Override
    public void checkAlive() {
        stop.check();
    }

    @Override
    public void await(String what, Duration limit, Duration interval, BooleanSupplier condition) {
        OptionalLong outer = waitEnds;
        waitEnds = OptionalLong.of(run.time().nanos() + limit.toNanos());
        try {
            await(what, limit, interval, condition, run.time().nanos());
        } finally {
            waitEnds = outer;
        }
    }

    private void await(String what, Duration limit, Duration interval, BooleanSupplier condition, long start) {
        boolean said = false;
        while (true) {
            checkAlive();
            if (condition.getAsBoolean()) {
                return;
            }
            // Once: the condition itself may have more to say of what it waits for.
            if (!said) {
                waiting(what);
                said = true;
            }
            Duration left = limit.minusNanos(run.time().nanos() - start);
            if (left.isNegative() || left.isZero()) {
                throw UnderstudyException.of(
                                ErrorCode.WAIT_TIMED_OUT, "gave up after %s: %s", Durations.print(limit), what)
                        .build();
            }
            sleep(left.compareTo(interval) < 0 ? left : interval);
        }
    }

    private void sleep(Duration duration) {
        Time time = run.time();
        long start = time.nanos();
        Duration left = duration;
        while (!left.isNegative() && !left.isZero()) {
            try {
                time.sleep(left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP);
            } catch (InterruptedException e) {
                checkAlive();
                // Somebody else wants this thread back, such as a step that stops its own workers.
                Thread.currentThread().interrupt();
                throw UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "the wait was interrupted")
                        .cause(e)
                        .build();
            }
            checkAlive();
            left = duration.minusNanos(time.nanos() - start);
        }
    }

    @Override
    public void guard(String name, Duration interval, Runnable check) {
        guards.start(name, interval, check, bracket);
    }

    @Override
    public void release(String guard) {
        guards.release(guard);
    }

    @Override
    public <T extends AutoCloseable> void keep(Class<T> type, T resource) {
        kept.keep(type, resource, bracket);
    }

    @Override
    public <T extends AutoCloseable> Optional<T> kept(Class<T> type) {
        return kept.find(type);
    }
}
