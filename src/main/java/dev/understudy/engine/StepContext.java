package dev.understudy.engine;

import dev.understudy.error.UnderstudyException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the engine gives a step. Safe for use by the step's own threads. */
public interface StepContext {
    /** The run's name, for example {@code 20261120T075100Z-standby-3f2a}. */
    String run();

    /** The run's directory in the state directory, for logs and other files of the run. */
    Path directory();

    Clock clock();

    /**
     * Claims something that two live runs must not both take, such as a port, until this process is done with the run.
     *
     * @param what by which other runs of the same state directory know it
     * @return false if another live run has it
     */
    boolean claim(String what);

    /** Evidence seen now. */
    default Evidence evidence(String claim, String source) {
        return new Evidence(claim, source, clock().instant());
    }

    /** What this run has recorded so far, by earlier steps and by earlier processes. */
    Facts facts();

    /**
     * Records a fact in the journal, flushed to disk when this returns; an earlier value is replaced. Never a secret.
     *
     * @param name lower case with underscores; hooks see {@code start_lsn} as {@code UNDERSTUDY_START_LSN}
     */
    void record(String name, String value);

    /** Publishes a part of the report, such as {@code copy} or {@code proof}: strings, numbers, booleans, maps, lists. */
    void publish(String part, Map<String, ?> content);

    /** Says something a person should know that does not stop the run; goes into journal and report. */
    void warn(String message);

    /** Says what the step is waiting for now; repeated calls with the same text are said once. */
    void waiting(String what);

    /**
     * The same with the longest that it may still take.
     *
     * @param left until the wait is given up; zero if there is no telling
     */
    void waiting(String what, Duration left);

    /** Says how far the work is; shown live, not journaled. */
    void progress(Progress progress);

    /**
     * Throws if the run has to stop: interrupted, or a guard failed. Long work calls it between pieces.
     *
     * @throws UnderstudyException the guard's error, or {@code RUN_INTERRUPTED}
     */
    void checkAlive();

    /**
     * Waits until the condition holds, calling {@link #checkAlive} meanwhile.
     *
     * @param what what it waits for, said to people and named in the error
     * @throws UnderstudyException {@code WAIT_TIMED_OUT} past the limit
     */
    void await(String what, Duration limit, Duration interval, BooleanSupplier condition);

    /**
     * Watches something in the background from now on, over later steps too, until {@link #release} or the end of the
     * run. When the check throws, the running step is interrupted and fails with that error.
     *
     * @param name unique; an existing guard of the same name is replaced
     */
    void guard(String name, Duration interval, Runnable check);

    void release(String guard);

    /**
     * Keeps something live, such as the backup's session, for later steps of this process. Closed when replaced, when
     * the bracket that it was kept in starts over, and at the end of the run, the last kept first.
     */
    <T extends AutoCloseable> void keep(Class<T> type, T resource);

    <T extends AutoCloseable> Optional<T> kept(Class<T> type);
}
