package dev.understudy.engine;

import java.util.List;

/**
 * One unit of a plan. The engine calls {@link #probe}, then perhaps {@link #apply}, then {@link #verify}, and journals
 * what each of them said; when the run gives up it calls {@link #undo}. A step keeps no state of its own: what must
 * outlive the process is recorded as a fact ({@link StepContext#record}), and after a crash a new process asks the same
 * questions again.
 */
public interface Step {
    /** The step's name in the plan, unique there: {@code start-backup}. */
    String name();

    /** Looks, and changes nothing, to tell whether the step's goal is met already. */
    Probe probe(StepContext context);

    /**
     * Works towards the goal. Called only after {@link Probe.Pending}, and must bear being cut short anywhere and
     * repeated. What it is about to make it records first, so that {@link #undo} knows.
     *
     * @return what was done and seen on the way; proof is {@link #verify}'s
     */
    List<Evidence> apply(StepContext context);

    /** Proves from outside, by reading rather than remembering, that the goal is met. */
    Verdict verify(StepContext context);

    /**
     * Takes back what this run made, as far as the recorded facts say, and nothing else; called in a new process too.
     * What is not there any more is fine.
     *
     * @return what was taken back; empty if there was nothing
     * @throws dev.understudy.error.UnderstudyException if something is left; the message names it and the command that
     *     clears it
     */
    List<Evidence> undo(StepContext context);
}
