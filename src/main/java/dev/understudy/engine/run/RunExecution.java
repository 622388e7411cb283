package dev.understudy.engine.run;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.Step;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.StepState;
import dev.understudy.error.Category;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process's work on one run. Used once, by one thread. */
final class RunExecution {
    private final RunDefinition definition;
    private final LiveRun run;
    private final Stop stop;
    private final Interruption interruption;
    private final Guards guards;
    private final KeptResources kept;
    private final StepRunner runner;
    private final boolean isResumed;
    private final boolean keepsOnFailure;
    private final Map<String, Absence> stepAbsences = new HashMap<>();
    private final Map<String, Absence> bracketAbsences = new HashMap<>();
    private volatile String current = "";

    RunExecution(
            RunDefinition definition,
            LiveRun run,
            Stop stop,
            Interruption interruption,
            boolean isResumed,
            boolean keepsOnFailure) {
        this.definition = definition;
        this.run = run;
        this.stop = stop;
        this.interruption = interruption;
        this.isResumed = isResumed;
        this.keepsOnFailure = keepsOnFailure;
        this.guards = new Guards(this::guardFailed);
        this.kept = new KeptResources(message -> run.warn(current, message));
        this.runner = new StepRunner(run, stop);
    }

    /** Goes through all steps, and to the end of the run. */
    RunState forward() {
        Optional<UnderstudyException> error = throughAllSteps();
        if (error.isPresent()) {
            return giveUp(error.get());
        }
        release();
        return finish(run.state().start().goal(), Optional.empty(), List.of());
    }

    /** Takes back what the run made, and ends it. */
    RunState backward(Optional<UnderstudyException> error) {
        run.goOnWithoutJournal();
        guards.releaseAll();
        stop.startUndoing();
        Undoing undoing = new Undoing(definition, run, stop, runner, this::context);
        boolean completed = undoing.undoAll();
        kept.closeAll();
        if (!completed) {
            run.append(new JournalEvent.Interrupted(run.now(), true));
            return run.state();
        }
        Outcome outcome = undoing.left().isEmpty() ? cleanOutcome(error, undoing) : Outcome.LEFT;
        return finish(outcome, error.map(Failure::of), undoing.left());
    }

    private Optional<UnderstudyException> throughAllSteps() {
        List<Step> steps = definition.steps();
        int i = 0;
        while (i < steps.size()) {
            Step step = steps.get(i);
            Optional<UnderstudyException> error = attempt(i, step);
            if (error.isEmpty()) {
                verified(i, step.name());
                i++;
                continue;
            }
            Optional<Integer> next = next(i, error.get());
            if (next.isEmpty()) {
                return error;
            }
            i = next.get();
        }
        return Optional.empty();
    }

    /** What the step works on is there, and what its brackets share if it is the first of them. */
    private void verified(int index, String name) {
        stepAbsences.remove(name);
        definition.bracketsAround(index).stream()
                .filter(bracket -> bracket.first().equals(name))
                .flatMap(bracket -> Stream.ofNullable(bracketAbsences.get(bracket.name())))
                .forEach(absence -> absence.back(run.time().nanos()));
    }

    private Optional<UnderstudyException> attempt(int index, Step step) {
        current = step.name();
        String bracket = definition.findBracket(index).map(Bracket::name).orElse("");
        Runnable[] closings = {() -> kept.closeBrackets(Set.of(bracket)), kept::closeAll};
        return runner.attempt(step, context(step.name(), bracket), closings);
    }

    private LiveContext context(String step, String bracket) {
        return new LiveContext(run, stop, guards, kept, step, bracket);
    }

    /** Where to go on after an error: at the same step, at its bracket's first, or nowhere. */
    private Optional<Integer> next(int index, UnderstudyException error) {
        boolean fromGuard = stop.reason().isPresent();
        if (stop.isInterrupted()) {
            return Optional.empty();
        }
        try {
            if (!fromGuard && isRetried(index, error)) {
                return Optional.of(index);
            }
            Optional<Bracket> bracket = findLost(index, error.code());
            return bracket.isPresent() ? restart(bracket.get(), error) : Optional.empty();
        } catch (UnderstudyException e) {
            // The journal cannot be written; the step's own error is what people need to know.
            error.addSuppressed(e);
            return Optional.empty();
        }
    }

    /** The innermost bracket that the error means the loss of. */
    private Optional<Bracket> findLost(int index, ErrorCode code) {
        return definition.bracketsAround(index).stream()
                .filter(bracket -> bracket.lostOn().contains(code) || isStillAway(bracket, code))
                .findFirst();
    }

    /** While a bracket is begun again, what would lose one within it means that it is away yet. */
    private boolean isStillAway(Bracket bracket, ErrorCode code) {
        Absence absence = bracketAbsences.get(bracket.name());
        return absence != null
                && !absence.isThere()
                && definition.bracketsWithin(bracket).stream()
                        .anyMatch(within -> within.lostOn().contains(code));
    }

    private boolean isRetried(int index, UnderstudyException error) {
        String name = definition.steps().get(index).name();
        RetryPolicy policy = definition.retry(name);
        if (!policy.on().contains(error.code())) {
            return false;
        }
        Absence absence = stepAbsences.computeIfAbsent(name, step -> new Absence(policy.patience(), run.time()));
        runner.probedAt().ifPresent(absence::hasWorkedSince);
        Optional<Absence.Again> again = absence.failed();
        again.ifPresent(next -> {
            run.append(new JournalEvent.Retrying(
                    run.now(),
                    name,
                    next.attempt(),
                    policy.patience().attempts(),
                    seconds(next.pause()),
                    seconds(next.left()),
                    Failure.of(error)));
            pause(next.pause());
        });
        return again.isPresent();
    }

    private Optional<Integer> restart(Bracket bracket, UnderstudyException error) {
        Absence absence =
                bracketAbsences.computeIfAbsent(bracket.name(), name -> new Absence(bracket.patience(), run.time()));
        Optional<Absence.Again> again = absence.failed();
        if (again.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = definition.namesIn(bracket);
        run.append(new JournalEvent.BracketRestarted(
                run.now(),
                bracket.name(),
                names,
                again.get().attempt(),
                bracket.patience().attempts(),
                seconds(again.get().pause()),
                seconds(again.get().left()),
                Failure.of(error)));
        Set<String> within =
                definition.bracketsWithin(bracket).stream().map(Bracket::name).collect(Collectors.toSet());
        guards.restartBrackets(within);
        kept.closeBrackets(within);
        stop.forgetGuard();
        names.forEach(stepAbsences::remove);
        pause(again.get().pause());
        return Optional.of(definition.indexOf(bracket.first()));
    }

    /** Waits; a reason to stop ends it, and is found again by the next attempt. */
    private void pause(Duration duration) {
        Optional<UnderstudyException> ignored = runner.guarded("the pause", new Runnable[] {}, () -> {
            try {
                run.time().sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        });
    }

    private RunState giveUp(UnderstudyException error) {
        run.goOnWithoutJournal();
        if (stop.isInterrupted()) {
            boolean resumable = interruption.level() != Interruption.Level.UNDO;
            run.append(new JournalEvent.Interrupted(run.now(), resumable));
            if (resumable) {
                release();
                return run.state();
            }
        }
        UnderstudyException told = explain(error);
        run.append(new JournalEvent.StepFailed(run.now(), current, Failure.of(told)));
        if (begun().isEmpty() && !stop.isInterrupted()) {
            release();
            return finish(Outcome.REFUSED, Optional.of(Failure.of(told)), List.of());
        }
        if ((keepsOnFailure || isResumed && !runner.hasApplied()) && !stop.isInterrupted()) {
            // Nothing was changed since it was resumed; hours of copying are not thrown away for a refusal.
            release();
            run.append(new JournalEvent.Interrupted(run.now(), true));
            return run.state();
        }
        return backward(Optional.of(told));
    }

    /** Names the bracket if patience with it is at its end. */
    private UnderstudyException explain(UnderstudyException error) {
        Optional<Bracket> bracket = findLost(definition.indexOf(current), error.code())
                .filter(found -> found.patience().attempts() > 1);
        Optional<Absence> absence = bracket.map(found -> bracketAbsences.get(found.name()));
        if (bracket.isEmpty() || absence.isEmpty() || !absence.get().isOver()) {
            return error;
        }
        Patience patience = bracket.get().patience();
        UnderstudyException.Builder told = UnderstudyException.of(
                        ErrorCode.BRACKET_LOST,
                        "%s",
                        absence.get().isLostTooOften()
                                ? "the %s was lost %d times, which is the limit"
                                        .formatted(bracket.get().name(), patience.attempts())
                                : "the %s was lost, and could not be begun again within %s"
                                        .formatted(bracket.get().name(), Durations.print(patience.limit())))
                .detail("%s", error.detail().isEmpty() ? error.message() : error.message() + ": " + error.detail())
                .cause(error);
        error.hints().forEach(hint -> told.hint("%s", hint));
        return told.hint("%s", bracket.get().hint()).build();
    }

    /** Refused if the only step that began said so itself and had nothing to take back. */
    private Outcome cleanOutcome(Optional<UnderstudyException> error, Undoing undoing) {
        boolean refused = error.isPresent()
                && error.get().code().category() == Category.REFUSED
                && undoing.undone().equals(List.of(current))
                && !undoing.tookBackAnything();
        return refused ? Outcome.REFUSED : Outcome.UNDONE;
    }

    private List<String> begun() {
        return run.state().steps().stream()
                .filter(StepState::hasBegun)
                .map(StepState::name)
                .toList();
    }

    private void guardFailed(String guard, UnderstudyException error) {
        UnderstudyException told = error;
        try {
            run.append(new JournalEvent.GuardFailed(run.now(), guard, current, Failure.of(error)));
        } catch (UnderstudyException e) {
            told.addSuppressed(e);
        }
        stop.raise(told);
    }

    private void release() {
        guards.releaseAll();
        kept.closeAll();
    }

    private RunState finish(Outcome outcome, Optional<Failure> error, List<Failure> left) {
        run.append(new JournalEvent.RunFinished(run.now(), outcome, error.orElse(null), left));
        return run.state();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
