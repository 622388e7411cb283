package dev.understudy.host.ssh;

import dev.understudy.host.CommandResult;
import dev.understudy.host.RunningCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A remote command that its caller works with. */
final class SshRunningCommand implements RunningCommand {
    private final SshRun run;
    private final InputStream output;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> limit;

    SshRunningCommand(SshRun run, InputStream output, Duration limit) {
        this.run = run;
        this.output = output;
        // Whoever works with a running command may forget it; its limit holds all the same.
        this.limit = new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        this.limit.exceptionallyAsync(late -> {
            run.kill();
            return null;
        });
    }

    @Override
    public OutputStream input() {
        return run.input();
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public boolean isRunning() {
        return run.isRunning();
    }

    @Override
    public CommandResult await(Duration limit) {
        return run.await(limit);
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            limit.complete(null);
            closeOutput();
            run.end();
        }
    }

    /** First of all, since the connection's thread may be waiting for room in it. */
    private void closeOutput() {
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
