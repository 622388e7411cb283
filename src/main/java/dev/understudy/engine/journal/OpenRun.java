package dev.understudy.engine.journal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A run that this process works on: its journal, and the locks on run and target. Closing it gives the locks back. */
public final class OpenRun implements AutoCloseable {
    private final String name;
    private final Path directory;
    private final Journal journal;
    private final List<JournalEvent> past;
    private final ProcessInfo process;
    private final List<AutoCloseable> locks;
    private final Function<String, FileLocks.Held> claims;
    private final Map<String, FileLocks.Held> claimed = new HashMap<>();

    /** @param claims takes the lock of a name, or throws {@code RUN_ALIVE} */
    OpenRun(
            String name,
            Path directory,
            Journal journal,
            List<JournalEvent> past,
            ProcessInfo process,
            List<? extends AutoCloseable> locks,
            Function<String, FileLocks.Held> claims) {
        this.name = name;
        this.directory = directory;
        this.journal = journal;
        this.past = List.copyOf(past);
        this.process = process;
        this.locks = List.copyOf(locks);
        this.claims = claims;
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

    /** Whether somebody changed the run's copy of its playbook since it began. */
    public boolean isPlaybookChanged() {
        try {
            return PlaybookCopy.isChanged(
                    RunState.of(past).start(), Files.readString(directory.resolve(Runs.PLAYBOOK_FILE)));
        } catch (IOException e) {
            throw StateDirectory.unusable("could not read", directory.resolve(Runs.PLAYBOOK_FILE), e);
        }
    }

    /** The process that works on it: this one. */
    public ProcessInfo process() {
        return process;
    }

    /**
     * Claims something that two live runs must not both take, such as a port, until this process is done with the run.
     *
     * @return false if another live run has it
     */
    public synchronized boolean claim(String what) {
        if (claimed.containsKey(what)) {
            return true;
        }
        try {
            claimed.put(what, claims.apply(what));
            return true;
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.RUN_ALIVE) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(locks);
        synchronized (this) {
            all.addAll(claimed.values());
        }
        Closing.all(journal, all);
    }
}
