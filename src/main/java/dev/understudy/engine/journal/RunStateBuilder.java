package dev.understudy.engine.journal;

import dev.understudy.engine.Facts;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.StepState.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Folds a journal's events, one after the other, into the state of the run. Not thread-safe. */
public final class RunStateBuilder {
    private JournalEvent.@Nullable RunStarted start;
    private final Map<String, StepStateBuilder> steps = new LinkedHashMap<>();
    private final Map<String, String> facts = new TreeMap<>();
    private final Map<String, String> factOwners = new TreeMap<>();
    private final Map<String, Map<String, Object>> published = new TreeMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private String waiting = "";
    private Outcome outcome = Outcome.INTERRUPTED;
    private Instant lastEventAt = Instant.EPOCH;
    private @Nullable Failure failure;
    private List<Failure> left = List.of();
    private boolean undoing;
    private boolean aborted;

    /** Takes the next event. */
    public void accept(JournalEvent event) {
        if (event instanceof JournalEvent.RunStarted started && start == null) {
            start = started;
            started.steps().forEach(name -> steps.put(name, new StepStateBuilder(name)));
        } else if (start == null) {
            throw new IllegalArgumentException("a journal begins with run-started, not with " + event);
        } else if (event instanceof JournalEvent.OfStep ofStep) {
            acceptOfStep(ofStep, steps.computeIfAbsent(ofStep.step(), StepStateBuilder::new));
        } else {
            acceptOfRun(event);
        }
        lastEventAt = event.at();
    }

    private void acceptOfRun(JournalEvent event) {
        waiting = "";
        if (event instanceof JournalEvent.RunResumed) {
            steps.values().forEach(StepStateBuilder::abandoned);
            forgetWhatWasUndone();
            failure = null;
            left = List.of();
            undoing = false;
            aborted = false;
        } else if (event instanceof JournalEvent.RunAborting) {
            steps.values().forEach(StepStateBuilder::abandoned);
            outcome = Outcome.INTERRUPTED;
            undoing = true;
            aborted = true;
        } else if (event instanceof JournalEvent.BracketRestarted restarted) {
            restarted
                    .steps()
                    .forEach(name ->
                            steps.computeIfAbsent(name, StepStateBuilder::new).restarted(restarted.at()));
        } else if (event instanceof JournalEvent.RunFinished finished) {
            outcome = finished.outcome();
            failure = finished.error();
            left = finished.left();
        }
    }

    /** A run whose undo was cut short goes forward again: what undone steps had recorded is not there any more. */
    private void forgetWhatWasUndone() {
        factOwners.entrySet().removeIf(owner -> {
            boolean gone = steps.containsKey(owner.getValue())
                    && Objects.requireNonNull(steps.get(owner.getValue())).phase() == Phase.UNDONE;
            if (gone) {
                facts.remove(owner.getKey());
            }
            return gone;
        });
    }

    private void acceptOfStep(JournalEvent.OfStep event, StepStateBuilder step) {
        if (event instanceof JournalEvent.FactRecorded fact) {
            facts.put(fact.name(), fact.value());
            factOwners.put(fact.name(), fact.step());
        } else if (event instanceof JournalEvent.Published part) {
            published.put(part.part(), part.content());
        } else if (event instanceof JournalEvent.Warned warned) {
            warnings.add(warned.message());
        } else if (event instanceof JournalEvent.Waiting wait) {
            waiting = wait.what();
        } else {
            waiting = "";
            acceptProgress(event, step);
        }
    }

    private void acceptProgress(JournalEvent.OfStep event, StepStateBuilder step) {
        if (event instanceof JournalEvent.StepProbing probing) {
            failure = null;
            step.probing(probing);
        } else if (event instanceof JournalEvent.StepProbed probed) {
            step.probed(probed);
        } else if (event instanceof JournalEvent.StepApplying) {
            step.applying();
        } else if (event instanceof JournalEvent.StepApplied applied) {
            step.applied(applied);
        } else if (event instanceof JournalEvent.StepVerified verified) {
            step.verified(verified);
        } else if (event instanceof JournalEvent.StepFailed failed) {
            failure = failed.error();
            step.failed(failed.at(), failed.error());
        } else if (event instanceof JournalEvent.Retrying retrying) {
            step.failed(retrying.at(), retrying.error());
        } else if (event instanceof JournalEvent.StepUndoing) {
            undoing = true;
        } else if (event instanceof JournalEvent.StepUndone undone) {
            step.undone(undone);
        } else if (event instanceof JournalEvent.StepUndoFailed failed) {
            step.undoFailed(failed);
        }
    }

    public Facts facts() {
        return new Facts(facts);
    }

    /**
     * The state after the events so far.
     *
     * @throws IllegalArgumentException if there was none
     */
    public RunState build() {
        if (start == null) {
            throw new IllegalArgumentException("a journal without its first line");
        }
        List<StepState> states = new ArrayList<>();
        steps.values().forEach(step -> states.add(step.build()));
        return new RunState(
                start,
                states,
                facts(),
                Map.copyOf(published),
                List.copyOf(warnings),
                waiting,
                outcome,
                lastEventAt,
                failure,
                left,
                undoing,
                aborted);
    }
}
