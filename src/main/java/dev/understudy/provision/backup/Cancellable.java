package dev.understudy.provision.backup;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs a blocking call so that the run stays able to stop: the call goes on in a thread of its own, which is cancelled. */
public final class Cancellable {
    private static final long POLL_MILLIS = 200;
    private static final long CANCEL_LIMIT_SECONDS = 10;

    private Cancellable() {}

    /** Runs the call; {@code cancel} makes it fail soon. */
    public static <T> T run(StepContext context, Runnable cancel, Supplier<T> call) {
        return run(context, cancel, call, () -> {});
    }

    /**
     * @param cancel makes the call fail soon
     * @param meanwhile called now and then while the call runs, to say what it waits for
     */
    static <T> T run(StepContext context, Runnable cancel, Supplier<T> call, Runnable meanwhile) {
        FutureTask<T> task = new FutureTask<>(call::get);
        Thread thread = new Thread(task, "cancellable call");
        thread.setDaemon(true);
        thread.start();
        try {
            while (true) {
                try {
                    return task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    context.checkAlive();
                    meanwhile.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.checkAlive();
            throw UnderstudyException.of(ErrorCode.DEFECT, "interrupted without a reason")
                    .cause(e)
                    .build();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnderstudyException known ? known : defect(e);
        } finally {
            if (!task.isDone()) {
                cancel(context, cancel);
                awaitEnd(thread);
            }
        }
    }

    /** What made the call end early is what people are told, not that it could not be told so over a dead network. */
    private static void cancel(StepContext context, Runnable cancel) {
        try {
            cancel.run();
        } catch (UnderstudyException e) {
            context.warn("could not cancel what the server is doing: " + e.message());
        }
    }

    private static UnderstudyException defect(ExecutionException e) {
        return UnderstudyException.of(ErrorCode.DEFECT, "unexpected failure: %s", String.valueOf(e.getCause()))
                .cause(e)
                .build();
    }

    private static void awaitEnd(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CANCEL_LIMIT_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
