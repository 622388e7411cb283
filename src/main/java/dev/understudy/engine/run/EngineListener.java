package dev.understudy.engine.run;

import dev.understudy.engine.Progress;
import dev.understudy.engine.journal.JournalEvent;

/**
 * Sees what happens as it happens, for live display. Called from several threads, one at a time. One that throws is
 * told nothing more, and the journal gets a warning.
 */
public interface EngineListener {
    /** Nobody looks. */
    EngineListener NONE = event -> {};

    /** An event that is in the journal now. */
    void event(JournalEvent event);

    /** How far a step is; not in the journal. */
    default void progress(String step, Progress progress) {}
}
