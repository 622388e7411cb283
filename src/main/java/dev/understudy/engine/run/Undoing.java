package dev.understudy.engine.run;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.StepState;
import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Takes back every step that began, the last first; what cannot be taken back does not keep it from the others. */
final class Undoing {
    /** However patient the run was on its way, people wait for its end now; {@code abort} can be repeated. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RunDefinition definition;
    private final LiveRun run;
    private final Stop stop;
    private final StepRunner runner;
    private final BiFunction<String, String, ? extends StepContext> contexts;
    private final List<Failure> left = new ArrayList<>();
    private final List<String> undone = new ArrayList<>();
    private boolean tookBackAnything;

    Undoing(
            RunDefinition definition,
            LiveRun run,
            Stop stop,
            StepRunner runner,
            BiFunction<String, String, ? extends StepContext> contexts) {
        this.definition = definition;
        this.run = run;
        this.stop = stop;
        this.runner = runner;
        this.contexts = contexts;
    }

    /** What could not be taken back. */
    List<Failure> left() {
        return List.copyOf(left);
    }

    /** Names of the steps that were asked, in that order. */
    List<String> undone() {
        return List.copyOf(undone);
    }

    boolean tookBackAnything() {
        return tookBackAnything;
    }

    /** False if it was told to stop at once. */
    boolean undoAll() {
        for (int i = definition.steps().size() - 1; i >= 0; i--) {
            Step step = definition.steps().get(i);
            boolean begun =
                    run.state().step(step.name()).map(StepState::hasBegun).orElse(false);
            if (begun && !undo(step)) {
                return false;
            }
        }
        return !stop.isInterrupted();
    }

    private boolean undo(Step step) {
        String name = step.name();
        undone.add(name);
        run.append(new JournalEvent.StepUndoing(run.now(), name));
        RetryPolicy policy = definition.retry(name);
        Absence absence = new Absence(policy.patience().within(PATIENCE), run.time());
        while (true) {
            Optional<UnderstudyException> error = attempt(step);
            if (error.isEmpty()) {
                return true;
            }
            if (stop.isInterrupted()) {
                return false;
            }
            Optional<Absence.Again> again = Optional.of(absence)
                    .filter(left -> policy.on().contains(error.get().code()))
                    .flatMap(Absence::failed);
            if (again.isEmpty()) {
                Failure failure = Failure.of(error.get());
                left.add(failure);
                run.append(new JournalEvent.StepUndoFailed(run.now(), name, failure));
                return true;
            }
            retry(name, again.get(), policy.patience(), error.get());
        }
    }

    private Optional<UnderstudyException> attempt(Step step) {
        StepContext context = contexts.apply(step.name(), "");
        return runner.guarded("undoing step \"" + step.name() + "\"", new Runnable[] {}, () -> {
            stop.check();
            List<Evidence> evidence = step.undo(context);
            tookBackAnything |= !evidence.isEmpty();
            run.append(new JournalEvent.StepUndone(run.now(), step.name(), evidence));
            return Optional.empty();
        });
    }

    private void retry(String name, Absence.Again again, Patience patience, UnderstudyException error) {
        var pause = again.pause();
        run.append(new JournalEvent.Retrying(
                run.now(),
                name,
                again.attempt(),
                patience.attempts(),
                pause.toMillis() / 1000.0,
                again.left().toMillis() / 1000.0,
                Failure.of(error)));
        Optional<UnderstudyException> ignored = runner.guarded("the pause", new Runnable[] {}, () -> {
            try {
                run.time().sleep(pause);
            } catch (InterruptedException e) {
                // A second request to stop; the next attempt sees it.
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
    }
}
