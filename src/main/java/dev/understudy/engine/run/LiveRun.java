package dev.understudy.engine.run;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Progress;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.RunStateBuilder;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The one writer of a run's journal: every event goes to the disk, into the state and to the listener. */
final class LiveRun {
    private final OpenRun run;
    private final Time time;
    private final RunStateBuilder state = new RunStateBuilder();
    private final Set<String> warned = new HashSet<>();
    private EngineListener listener;
    private boolean mustBeOnDisk = true;

    LiveRun(OpenRun run, Time time, EngineListener listener) {
        this.run = run;
        this.time = time;
        this.listener = listener;
        run.past().forEach(state::accept);
    }

    OpenRun run() {
        return run;
    }

    Time time() {
        return time;
    }

    Instant now() {
        return time.clock().instant();
    }

    /**
     * Takes an event.
     *
     * @throws UnderstudyException {@code JOURNAL_UNWRITABLE}, unless the run is giving up
     */
    synchronized void append(JournalEvent event) {
        try {
            run.journal().append(event);
        } catch (UnderstudyException e) {
            if (mustBeOnDisk) {
                throw e;
            }
            // What the run made must be taken back even if nobody can read about it later.
            see(new JournalEvent.Warned(now(), currentStep(event), e.message() + ": " + e.detail()));
        }
        see(event);
    }

    /** From now on what happens is more important than that it is written down: the run is giving up. */
    synchronized void goOnWithoutJournal() {
        mustBeOnDisk = false;
    }

    /** Warns once of the same thing. */
    synchronized void warn(String step, String message) {
        if (warned.add(message)) {
            append(new JournalEvent.Warned(now(), step, message));
        }
    }

    private void see(JournalEvent event) {
        state.accept(event);
        tell(currentStep(event), told -> told.event(event));
    }

    void progress(String step, Progress progress) {
        tell(step, told -> told.progress(step, progress));
    }

    private synchronized void tell(String step, Consumer<EngineListener> news) {
        try {
            news.accept(listener);
        } catch (RuntimeException e) {
            listener = EngineListener.NONE;
            warn(step, "the display failed and shows nothing more: " + Reasons.of(e));
        }
    }

    synchronized Facts facts() {
        return state.facts();
    }

    synchronized RunState state() {
        return state.build();
    }

    private static String currentStep(JournalEvent event) {
        return event instanceof JournalEvent.OfStep ofStep ? ofStep.step() : "";
    }
}
