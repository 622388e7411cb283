package dev.understudy.engine.run;

import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.StepState;
import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Takes one step through one attempt: probe, perhaps apply, verify. */
final class StepRunner {
    private final LiveRun run;
    private final Stop stop;
    private boolean applied;
    private OptionalLong probedAt = OptionalLong.empty();

    StepRunner(LiveRun run, Stop stop) {
        this.run = run;
        this.stop = stop;
    }

    /**
     * Tries the step once; verified when this returns nothing.
     *
     * @param closings see {@link Stop#arm}
     * @return why it failed: the reason to stop, if there is one, before the step's own error
     */
    Optional<UnderstudyException> attempt(Step step, StepContext context, Runnable... closings) {
        probedAt = OptionalLong.empty();
        Optional<UnderstudyException> reason = stop.reason();
        if (reason.isPresent()) {
            return reason;
        }
        return guarded("step \"" + step.name() + "\"", closings, () -> {
            probeApplyVerify(step, context);
            return Optional.empty();
        });
    }

    /** True once this process has let a step act. */
    boolean hasApplied() {
        return applied;
    }

    /** When the probe of the last attempt passed, in the run's nanoseconds; empty if it did not. */
    OptionalLong probedAt() {
        return probedAt;
    }

    /** Does something that can be stopped, and returns why it failed. */
    Optional<UnderstudyException> guarded(
            String what, Runnable[] closings, Supplier<Optional<UnderstudyException>> work) {
        stop.arm(closings);
        try {
            return work.get();
        } catch (UnderstudyException e) {
            return Optional.of(firstCause(e));
        } catch (RuntimeException | Error e) {
            return Optional.of(firstCause(Defects.of(what, e)));
        } finally {
            stop.disarm();
        }
    }

    /** A step that is stopped fails in some way of its own; what people are told is why it was stopped. */
    private UnderstudyException firstCause(UnderstudyException error) {
        Optional<UnderstudyException> reason = stop.reason();
        if (reason.isEmpty() || reason.get() == error) {
            return error;
        }
        reason.get().addSuppressed(error);
        return reason.get();
    }

    private void probeApplyVerify(Step step, StepContext context) {
        String name = step.name();
        int attempt = run.state().step(name).map(StepState::attempts).orElse(0) + 1;
        run.append(new JournalEvent.StepProbing(run.now(), name, attempt));
        Probe probe = step.probe(context);
        stop.check();
        run.append(probed(name, probe));
        boolean pending = probe.match(satisfied -> false, found -> true, conflicting -> {
            throw conflicting.error();
        });
        probedAt = OptionalLong.of(run.time().nanos());
        if (pending) {
            run.append(new JournalEvent.StepApplying(run.now(), name));
            applied = true;
            var evidence = step.apply(context);
            stop.check();
            run.append(new JournalEvent.StepApplied(run.now(), name, evidence));
        }
        var verified = step.verify(context).match(found -> found.evidence(), refuted -> {
            throw refuted.error();
        });
        stop.check();
        run.append(new JournalEvent.StepVerified(run.now(), name, verified));
    }

    private JournalEvent probed(String name, Probe probe) {
        return probe.match(
                satisfied -> new JournalEvent.StepProbed(run.now(), name, "satisfied", "", satisfied.evidence()),
                pending -> new JournalEvent.StepProbed(run.now(), name, "pending", pending.intent(), List.of()),
                conflicting -> new JournalEvent.StepProbed(run.now(), name, "conflicting", "", List.of()));
    }
}
