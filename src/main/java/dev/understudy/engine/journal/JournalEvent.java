package dev.understudy.engine.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal: {@code event} is its kind, {@code at} its time, the rest its fields. Kinds and field names are
 * a promise to scripts: add to them, never rename.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(JournalEvent.BracketRestarted.class),
    @JsonSubTypes.Type(JournalEvent.FactRecorded.class),
    @JsonSubTypes.Type(JournalEvent.GuardFailed.class),
    @JsonSubTypes.Type(JournalEvent.Interrupted.class),
    @JsonSubTypes.Type(JournalEvent.Published.class),
    @JsonSubTypes.Type(JournalEvent.Retrying.class),
    @JsonSubTypes.Type(JournalEvent.RunAborting.class),
    @JsonSubTypes.Type(JournalEvent.RunFinished.class),
    @JsonSubTypes.Type(JournalEvent.RunResumed.class),
    @JsonSubTypes.Type(JournalEvent.RunStarted.class),
    @JsonSubTypes.Type(JournalEvent.StepApplied.class),
    @JsonSubTypes.Type(JournalEvent.StepApplying.class),
    @JsonSubTypes.Type(JournalEvent.StepFailed.class),
    @JsonSubTypes.Type(JournalEvent.StepProbed.class),
    @JsonSubTypes.Type(JournalEvent.StepProbing.class),
    @JsonSubTypes.Type(JournalEvent.StepUndoFailed.class),
    @JsonSubTypes.Type(JournalEvent.StepUndoing.class),
    @JsonSubTypes.Type(JournalEvent.StepUndone.class),
    @JsonSubTypes.Type(JournalEvent.StepVerified.class),
    @JsonSubTypes.Type(JournalEvent.Waiting.class),
    @JsonSubTypes.Type(JournalEvent.Warned.class),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface JournalEvent {
    /** When it happened. */
    @JsonProperty(index = 0)
    Instant at();

    /** An event that belongs to one step. */
    sealed interface OfStep extends JournalEvent {
        /** The step's name in the plan. */
        String step();
    }

    /**
     * The first line.
     *
     * @param parameters the playbook's parameters with secrets removed
     * @param withheld names of what was removed and has to be given again to resume
     * @param target what the run builds, unique among live runs
     * @param steps names of all steps, in order
     * @param goal how the run ends if all goes well
     * @param playbookDigest SHA-256 of the playbook beside the journal, in hexadecimal digits; null in a journal that
     *     was begun before it was noted
     */
    @JsonTypeName("run-started")
    record RunStarted(
            Instant at,
            String run,
            String playbook,
            Map<String, String> parameters,
            List<String> withheld,
            String target,
            List<String> steps,
            Outcome goal,
            long pid,
            String host,
            String version,
            @Nullable String playbookDigest)
            implements JournalEvent {}

    /** A new process goes on with the run. */
    @JsonTypeName("run-resumed")
    record RunResumed(Instant at, long pid, String host, String version) implements JournalEvent {}

    /** A new process takes back what the run made. */
    @JsonTypeName("run-aborting")
    record RunAborting(Instant at, long pid, String host, String version) implements JournalEvent {}

    /** A step is about to be looked at; {@code attempt} counts from 1 over all processes. */
    @JsonTypeName("step-probing")
    record StepProbing(Instant at, String step, int attempt) implements OfStep {}

    /**
     * What a step found.
     *
     * @param result {@code satisfied}, {@code pending} or {@code conflicting}
     * @param intent what it is going to do, if pending; else empty
     */
    @JsonTypeName("step-probed")
    record StepProbed(Instant at, String step, String result, String intent, List<Evidence> evidence)
            implements OfStep {}

    /** A step is about to act; from here on there may be something to undo. */
    @JsonTypeName("step-applying")
    record StepApplying(Instant at, String step) implements OfStep {}

    @JsonTypeName("step-applied")
    record StepApplied(Instant at, String step, List<Evidence> evidence) implements OfStep {}

    @JsonTypeName("step-verified")
    record StepVerified(Instant at, String step, List<Evidence> evidence) implements OfStep {}

    @JsonTypeName("step-failed")
    record StepFailed(Instant at, String step, Failure error) implements OfStep {}

    /** Something recorded for later steps and processes; replaces an earlier value of the same name. */
    @JsonTypeName("fact")
    record FactRecorded(Instant at, String step, String name, String value) implements OfStep {}

    /** A part of the report. */
    @JsonTypeName("published")
    record Published(Instant at, String step, String part, Map<String, Object> content) implements OfStep {}

    @JsonTypeName("warning")
    record Warned(Instant at, String step, String message) implements OfStep {}

    /** What a step waits for; {@code leftSeconds} is how long at most, 0 if there is no telling. */
    @JsonTypeName("waiting")
    record Waiting(Instant at, String step, String what, double leftSeconds) implements OfStep {}

    /**
     * A step failed in a way that may pass, and is tried again.
     *
     * @param attempt which one that will be, from 2; one that finds nothing to begin with does not count
     * @param of how many there are at most
     * @param leftSeconds how long it is still tried until what it works on must be there again
     */
    @JsonTypeName("retrying")
    record Retrying(
            Instant at, String step, int attempt, int of, double pauseSeconds, double leftSeconds, Failure error)
            implements OfStep {}

    /** The steps of a bracket start over together; counted as in {@link Retrying}. */
    @JsonTypeName("bracket-restarted")
    record BracketRestarted(
            Instant at,
            String bracket,
            List<String> steps,
            int attempt,
            int of,
            double pauseSeconds,
            double leftSeconds,
            Failure error)
            implements JournalEvent {}

    /** A guard found what it watched gone while {@code step} ran. */
    @JsonTypeName("guard-failed")
    record GuardFailed(Instant at, String guard, String step, Failure error) implements OfStep {}

    @JsonTypeName("step-undoing")
    record StepUndoing(Instant at, String step) implements OfStep {}

    @JsonTypeName("step-undone")
    record StepUndone(Instant at, String step, List<Evidence> evidence) implements OfStep {}

    /** Something of a step is left; the error names it and the command that clears it. */
    @JsonTypeName("step-undo-failed")
    record StepUndoFailed(Instant at, String step, Failure error) implements OfStep {}

    /**
     * Somebody asked the run to stop.
     *
     * @param resumable true if what was made is kept for {@code resume}
     */
    @JsonTypeName("interrupted")
    record Interrupted(Instant at, boolean resumable) implements JournalEvent {}

    /**
     * The last line.
     *
     * @param error why it ended so; null if it reached its goal
     * @param left what could not be undone
     */
    @JsonTypeName("run-finished")
    record RunFinished(
            Instant at, Outcome outcome, @Nullable Failure error, List<Failure> left) implements JournalEvent {}
}
