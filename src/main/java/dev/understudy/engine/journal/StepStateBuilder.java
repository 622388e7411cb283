package dev.understudy.engine.journal;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.journal.StepState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds the events of one step into its state. */
final class StepStateBuilder {
    private final String name;
    private Phase phase = Phase.PENDING;
    private int attempts;
    private Duration spent = Duration.ZERO;
    private @Nullable Instant since;
    private boolean begun;
    private String intent = "";
    private final List<Evidence> evidence = new ArrayList<>();
    private @Nullable Failure error;

    StepStateBuilder(String name) {
        this.name = name;
    }

    Phase phase() {
        return phase;
    }

    void probing(JournalEvent.StepProbing event) {
        phase = Phase.PENDING;
        attempts = event.attempt();
        since = event.at();
        intent = "";
        evidence.clear();
        error = null;
    }

    void probed(JournalEvent.StepProbed event) {
        intent = event.intent();
        evidence.addAll(event.evidence());
    }

    void applying() {
        phase = Phase.APPLYING;
        begun = true;
    }

    void applied(JournalEvent.StepApplied event) {
        phase = Phase.APPLIED;
        evidence.addAll(event.evidence());
    }

    void verified(JournalEvent.StepVerified event) {
        phase = Phase.VERIFIED;
        evidence.addAll(event.evidence());
        stop(event.at());
    }

    void failed(Instant at, Failure failure) {
        phase = Phase.FAILED;
        error = failure;
        stop(at);
    }

    /** Sent back to the start of its bracket. */
    void restarted(Instant at) {
        phase = Phase.PENDING;
        stop(at);
    }

    void undone(JournalEvent.StepUndone event) {
        phase = Phase.UNDONE;
        begun = false;
        evidence.addAll(event.evidence());
    }

    void undoFailed(JournalEvent.StepUndoFailed event) {
        phase = Phase.FAILED;
        error = event.error();
    }

    /** The process that worked on it is gone: the time since its last sign is not known, so it does not count. */
    void abandoned() {
        since = null;
    }

    private void stop(Instant at) {
        if (since != null) {
            spent = spent.plus(Duration.between(since, at));
            since = null;
        }
    }

    StepState build() {
        return new StepState(name, phase, attempts, spent.toNanos() / 1e9, begun, intent, evidence, error);
    }
}
