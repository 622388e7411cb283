package dev.understudy.engine.run;

import java.util.ArrayList;
import java.util.List;

/**
 * The way to ask a run to stop, from any thread: a signal handler, a test. The first request stops the running step; then
 * the run undoes what it made, or with {@link Mode#KEEP} leaves it for {@code resume}. A second request stops at once,
 * also in the middle of undoing, and leaves the run resumable.
 */
public final class Interruption {
    /** What becomes of what the run made. */
    public enum Mode {
        UNDO,
        KEEP
    }

    /** How urgent it is by now. */
    enum Level {
        NONE,
        UNDO,
        KEEP,
        AT_ONCE
    }

    private Level level = Level.NONE;
    private final List<Runnable> listeners = new ArrayList<>();

    /** Asks to stop; the mode of a second request does not matter. */
    public void request(Mode mode) {
        List<Runnable> told;
        synchronized (this) {
            if (level == Level.NONE) {
                level = mode == Mode.KEEP ? Level.KEEP : Level.UNDO;
            } else {
                level = Level.AT_ONCE;
            }
            told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
    }

    public synchronized boolean isRequested() {
        return level != Level.NONE;
    }

    synchronized Level level() {
        return level;
    }

    synchronized void onRequest(Runnable listener) {
        listeners.add(listener);
    }

    synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }
}
