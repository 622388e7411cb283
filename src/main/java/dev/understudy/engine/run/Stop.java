package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the running step has to stop, if it has to: a guard failed, or somebody asked. Raising it interrupts the thread
 * that runs the step; if the step goes on all the same, what it may be blocked on is closed after the grace.
 */
final class Stop {
    private final Interruption interruption;
    private final Duration grace;
    private @Nullable UnderstudyException guardError;
    private @Nullable UnderstudyException interruptionError;
    private @Nullable Thread worker;
    private Runnable[] escalation = {};
    private long armed;
    private boolean undoing;

    Stop(Interruption interruption, Duration grace) {
        this.interruption = interruption;
        this.grace = grace;
    }

    /**
     * A step begins on this thread.
     *
     * @param closings what to try, one after the other a grace apart, if the step does not stop when told to
     */
    synchronized void arm(Runnable... closings) {
        worker = Thread.currentThread();
        escalation = closings;
        armed++;
        if (reason().isPresent()) {
            Thread.currentThread().interrupt();
        }
    }

    /** The step is over; an interrupt meant for it does not reach what comes next. */
    synchronized void disarm() {
        worker = null;
        escalation = new Runnable[] {};
        armed++;
        // Clears the flag; an interrupt that nobody raised here has reached the step already.
        boolean ignored = Thread.interrupted();
        notifyAll();
    }

    /** A guard failed; the first failure counts. */
    synchronized void raise(UnderstudyException error) {
        if (guardError == null) {
            guardError = error;
            interruptWorker();
        }
    }

    /** Somebody asked to stop; called again for a second request. */
    synchronized void interruptionRequested() {
        if (!undoing || interruption.level() == Interruption.Level.AT_ONCE) {
            interruptWorker();
        }
    }

    /** The bracket starts over: what its guards found does not count any more. */
    synchronized void forgetGuard() {
        guardError = null;
    }

    /** From now on only a second request stops a step. */
    synchronized void startUndoing() {
        undoing = true;
        guardError = null;
    }

    /** Why the step has to stop; an interruption comes before a guard's error. */
    synchronized Optional<UnderstudyException> reason() {
        if (isInterrupted()) {
            if (interruptionError == null) {
                interruptionError = UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "the run was asked to stop")
                        .build();
            }
            return Optional.of(interruptionError);
        }
        return Optional.ofNullable(guardError);
    }

    boolean isInterrupted() {
        Interruption.Level level = interruption.level();
        return undoing ? level == Interruption.Level.AT_ONCE : level != Interruption.Level.NONE;
    }

    void check() {
        Optional<UnderstudyException> reason = reason();
        if (reason.isPresent()) {
            throw reason.get();
        }
    }

    private void interruptWorker() {
        if (worker == null) {
            return;
        }
        worker.interrupt();
        if (escalation.length > 0) {
            Runnable[] closings = escalation;
            long stamp = armed;
            escalation = new Runnable[] {};
            Thread watchdog = new Thread(() -> escalate(stamp, closings), "understudy-stop");
            watchdog.setDaemon(true);
            watchdog.start();
        }
    }

    private void escalate(long stamp, Runnable[] closings) {
        for (Runnable closing : closings) {
            if (isOverWithinGrace(stamp)) {
                return;
            }
            closing.run();
        }
    }

    private synchronized boolean isOverWithinGrace(long stamp) {
        long end = System.nanoTime() + grace.toNanos();
        try {
            while (armed == stamp) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000 + 1);
            }
            return true;
        } catch (InterruptedException e) {
            // Only the end of the process interrupts a watchdog.
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
