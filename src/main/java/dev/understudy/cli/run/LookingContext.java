package dev.understudy.cli.run;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.report.Section;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a step is given when it is only looked at: there is no run, no journal and nothing to remember. */
final class LookingContext implements StepContext, AutoCloseable {
    private final Map<Class<?>, AutoCloseable> kept = new LinkedHashMap<>();
    private final Map<String, Map<String, ?>> published = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private Facts facts = new Facts(Map.of());

    @Override
    public String run() {
        return "plan";
    }

    /** Nothing is written while only looking; the temporary directory is the place that is always there. */
    @Override
    public Path directory() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public synchronized Facts facts() {
        return facts;
    }

    @Override
    public synchronized void record(String name, String value) {
        facts = facts.with(name, value);
    }

    @Override
    public synchronized void publish(String part, Map<String, ?> content) {
        published.put(part, Map.copyOf(content));
    }

    /** What a step published while it was looked at; empty if none did under that name. */
    synchronized Section published(String part) {
        return new Section(published.getOrDefault(part, Map.of()));
    }

    @Override
    public synchronized void warn(String message) {
        if (!warnings.contains(message)) {
            warnings.add(message);
        }
    }

    synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void waiting(String what) {
        // Looking is quick.
    }

    @Override
    public void waiting(String what, Duration left) {
        waiting(what);
    }

    @Override
    public boolean claim(String what) {
        // Nothing is made, so nothing is in another run's way.
        return true;
    }

    @Override
    public void progress(Progress progress) {
        // Looking is quick.
    }

    @Override
    public void checkAlive() {
        // Ctrl-C ends the process: there is nothing to take back.
    }

    @Override
    public void await(String what, Duration limit, Duration interval, BooleanSupplier condition) {
        Instant end = clock().instant().plus(limit);
        while (!condition.getAsBoolean()) {
            if (clock().instant().isAfter(end)) {
                throw UnderstudyException.of(ErrorCode.WAIT_TIMED_OUT, "timed out waiting for %s", what)
                        .build();
            }
            pause(interval);
        }
    }

    private static void pause(Duration interval) {
        try {
            Thread.sleep(interval.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "interrupted")
                    .cause(e)
                    .build();
        }
    }

    @Override
    public void guard(String name, Duration interval, Runnable check) {
        // Nothing lasts long enough to be watched.
    }

    @Override
    public void release(String guard) {
        // Nothing is watched.
    }

    @Override
    public <T extends AutoCloseable> void keep(Class<T> type, T resource) {
        close(kept.put(type, resource));
    }

    @Override
    public <T extends AutoCloseable> Optional<T> kept(Class<T> type) {
        return Optional.ofNullable(type.cast(kept.get(type)));
    }

    @Override
    public void close() {
        kept.values().forEach(LookingContext::close);
    }

    private static void close(@Nullable AutoCloseable resource) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("could not close what a step kept", e);
        }
    }
}
