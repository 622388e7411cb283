package dev.understudy.engine.journal;

import java.nio.file.Path;
import java.util.List;

/** A run that this process works on: its journal, and the locks on run and target. Closing it gives the locks back. */
public final class OpenRun implements AutoCloseable {
    private final String name;
    private final Path directory;
    private final Journal journal;
    private final List<JournalEvent> past;
    private final ProcessInfo process;
    private final List<AutoCloseable> locks;

    OpenRun(
            String name,
            Path directory,
            Journal journal,
            List<JournalEvent> past,
            ProcessInfo process,
            List<? extends AutoCloseable> locks) {
        this.name = name;
        this.directory = directory;
        this.journal = journal;
        this.past = List.copyOf(past);
        this.process = process;
        this.locks = List.copyOf(locks);
    }

    /** For example {@code 20261120T075100Z-standby-3f2a}. */
    public String name() {
        return name;
    }

    public Path directory() {
        return directory;
    }

    public Journal journal() {
        return journal;
    }

    /** The events that were in the journal when it was opened; never empty. */
    public List<JournalEvent> past() {
        return past;
    }

    /** The process that works on it: this one. */
    public ProcessInfo process() {
        return process;
    }

    @Override
    public void close() {
        Closing.all(journal, locks);
    }
}
