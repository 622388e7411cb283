package dev.understudy.engine.run;

import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Background watches, one thread each, so that a slow one does not delay another. Thread-safe. */
final class Guards {
    /** How long the release of a guard waits for a check that is running, which may use what the caller wants next. */
    private static final Duration LAST_CHECK = Duration.ofSeconds(10);

    private final Map<String, Guard> guards = new LinkedHashMap<>();
    private final BiConsumer<String, UnderstudyException> onFailure;

    /** @param onFailure told the guard's name and error, once a guard, on the guard's thread */
    Guards(BiConsumer<String, UnderstudyException> onFailure) {
        this.onFailure = onFailure;
    }

    void start(String name, Duration interval, Runnable check, String bracket) {
        release(name);
        Guard guard = new Guard(name, interval, check, bracket);
        synchronized (this) {
            guards.put(name, guard);
        }
        guard.start();
    }

    void release(String name) {
        Guard guard;
        synchronized (this) {
            guard = guards.remove(name);
        }
        if (guard != null) {
            guard.stop();
        }
    }

    /** Releases the guards started in these brackets; failed ones from outside of them watch again. */
    void restartBrackets(Set<String> brackets) {
        releaseAll(guard -> brackets.contains(guard.bracket));
        List<Guard> failed;
        synchronized (this) {
            failed = guards.values().stream().filter(Guard::hasFailed).toList();
        }
        failed.forEach(guard -> start(guard.name, guard.interval, guard.check, guard.bracket));
    }

    void releaseAll() {
        releaseAll(guard -> true);
    }

    private void releaseAll(Predicate<Guard> wanted) {
        List<String> names;
        synchronized (this) {
            names = guards.values().stream()
                    .filter(wanted)
                    .map(guard -> guard.name)
                    .toList();
        }
        names.forEach(this::release);
    }

    private final class Guard {
        private final String name;
        private final Duration interval;
        private final Runnable check;
        private final String bracket;
        private @Nullable Thread thread;
        private boolean stopped;
        private boolean failed;

        Guard(String name, Duration interval, Runnable check, String bracket) {
            this.name = name;
            this.interval = interval;
            this.check = check;
            this.bracket = bracket;
        }

        synchronized void start() {
            Thread started = new Thread(this::watch, "understudy-guard-" + name);
            started.setDaemon(true);
            thread = started;
            started.start();
        }

        synchronized boolean hasFailed() {
            return failed;
        }

        private void watch() {
            while (isDue()) {
                try {
                    check.run();
                } catch (UnderstudyException e) {
                    fail(e);
                } catch (RuntimeException | Error e) {
                    fail(Defects.of("guard \"" + name + "\"", e));
                }
            }
        }

        /** Waits for the next turn; false if there is none. */
        private synchronized boolean isDue() {
            long end = System.nanoTime() + interval.toNanos();
            try {
                while (!stopped && !failed) {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return true;
                    }
                    wait(left / 1_000_000 + 1);
                }
                return false;
            } catch (InterruptedException e) {
                // Interrupted by stop, which waited long enough for the last check.
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void fail(UnderstudyException error) {
            synchronized (this) {
                if (stopped) {
                    return;
                }
                failed = true;
            }
            onFailure.accept(name, error);
        }

        void stop() {
            Thread running;
            synchronized (this) {
                stopped = true;
                running = thread;
                notifyAll();
            }
            if (running != null && running != Thread.currentThread()) {
                join(running);
            }
        }

        private void join(Thread running) {
            try {
                running.join(LAST_CHECK.toMillis());
            } catch (InterruptedException e) {
                // The caller is to stop; its next look at the run tells it so.
                Thread.currentThread().interrupt();
            }
            running.interrupt();
        }
    }
}
