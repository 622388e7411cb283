package dev.understudy.engine.run;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
    private boolean keepsOnFailure;

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

    /**
     * What a failed run made stays for another resume, or abort, instead of being undone: hours of copying are not lost to
     * a start command with a typing error.
     */
    public Engine keepingOnFailure(boolean keeps) {
        keepsOnFailure = keeps;
        return this;
    }

    /** Runs a new run. */
    public RunState run(OpenRun run) {
        LiveRun live = live(run);
        checkPlan(live.state());
        return execute(live, false, RunExecution::forward);
    }

    /**
     * Goes on with an interrupted run: all steps are probed again, from the first. If that fails before this process has
     * changed anything, the run stays as it was, to be resumed or aborted.
     *
     * @throws UnderstudyException {@link ErrorCode#RUN_FINISHED}, {@link ErrorCode#RUN_PLAN_CHANGED}
     */
    public RunState resume(OpenRun run) {
        LiveRun live = live(run);
        RunState state = live.state();
        if (state.isFinished()) {
            throw finished(state);
        }
        checkPlan(state);
        ProcessInfo process = run.process();
        live.append(new JournalEvent.RunResumed(live.now(), process.pid(), process.host(), process.version()));
        String began = state.start().version();
        if (!began.equals(process.version())) {
            live.warn("", "the run was begun by Understudy %s; this is %s".formatted(began, process.version()));
        }
        if (run.isPlaybookChanged()) {
            live.warn("", "the run's copy of its playbook was changed since it began: what it says now is done");
        }
        return execute(live, true, RunExecution::forward);
    }

    /**
     * Takes back what an interrupted run made, or what is left of a failed one.
     *
     * @throws UnderstudyException {@link ErrorCode#RUN_FINISHED}, {@link ErrorCode#RUN_PLAN_CHANGED}
     */
    public RunState abort(OpenRun run) {
        LiveRun live = live(run);
        RunState state = live.state();
        if (state.isFinished() && state.outcome() != Outcome.LEFT) {
            throw finished(state);
        }
        checkPlan(state);
        ProcessInfo process = run.process();
        live.append(new JournalEvent.RunAborting(live.now(), process.pid(), process.host(), process.version()));
        return execute(live, true, execution -> execution.backward(Optional.empty()));
    }

    private LiveRun live(OpenRun run) {
        return new LiveRun(run, time, listener);
    }

    private RunState execute(LiveRun live, boolean isResumed, Function<RunExecution, RunState> work) {
        Stop stop = new Stop(interruption, grace);
        Runnable onRequest = stop::interruptionRequested;
        interruption.onRequest(onRequest);
        try {
            return work.apply(new RunExecution(definition, live, stop, interruption, isResumed, keepsOnFailure));
        } finally {
            interruption.forget(onRequest);
        }
    }

    private void checkPlan(RunState state) {
        List<String> journaled = state.start().steps();
        if (!journaled.equals(definition.names())) {
            throw UnderstudyException.of(
                            ErrorCode.RUN_PLAN_CHANGED, "the steps of run \"%s\" have changed", state.run())
                    .detail(
                            "Its journal has %s; the plan has %s.",
                            String.join(", ", journaled), String.join(", ", definition.names()))
                    .build();
        }
    }

    private static UnderstudyException finished(RunState state) {
        return UnderstudyException.of(
                        ErrorCode.RUN_FINISHED,
                        "run \"%s\" has ended: %s",
                        state.run(),
                        state.outcome().printed())
                .build();
    }
}
