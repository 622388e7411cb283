package dev.understudy.engine.run;

import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import java.time.Duration;

/**
 * Takes a run's steps to their end: every attempt ends at its goal, or with what it made undone, or says what is left.
 *
 * <pre>
 * try (OpenRun run = runs.create(header)) {
 *     RunState end = new Engine(definition, listener, interruption).run(run);
 * }
 * </pre>
 */
public final class Engine {
    private final RunDefinition definition;
    private final EngineListener listener;
    private final Interruption interruption;
    private final Time time;
    private final Duration grace;

    public Engine(RunDefinition definition, EngineListener listener, Interruption interruption) {
        this(definition, listener, interruption, Time.system(), Duration.ofSeconds(5));
    }

    /**
     * An engine with its own time.
     *
     * @param grace how long an interrupted step may go on before what is kept is closed under it, to free it from
     *     input or output that does not mind interrupts
     */
    public Engine(
            RunDefinition definition, EngineListener listener, Interruption interruption, Time time, Duration grace) {
        this.definition = definition;
        this.listener = listener;
        this.interruption = interruption;
        this.time = time;
        this.grace = grace;
    }

    /** Runs a new run. */
    public RunState run(OpenRun run) {
        throw new UnsupportedOperationException();
    }

    /**
     * Goes on with an interrupted run: all steps are probed again, from the first.
     *
     * @throws dev.understudy.error.UnderstudyException {@code RUN_FINISHED}, {@code RUN_PLAN_CHANGED}
     */
    public RunState resume(OpenRun run) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes back what an interrupted run made, or what is left of a failed one.
     *
     * @throws dev.understudy.error.UnderstudyException {@code RUN_FINISHED}, {@code RUN_PLAN_CHANGED}
     */
    public RunState abort(OpenRun run) {
        throw new UnsupportedOperationException();
    }
}
