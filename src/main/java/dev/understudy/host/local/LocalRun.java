package dev.understudy.host.local;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.RunningCommand;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.CommandErrors;
import dev.understudy.host.posix.TailOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One command while it runs on this machine. */
final class LocalRun implements RunningCommand {
    private static final String HOST = "local";

    private final Command command;
    private final LocalProcess local;
    private final Process process;
    private final TailOutput error = new TailOutput();
    private final Pump errorPump;
    private final @Nullable Pump outputPump;
    private final long deadlineNanos;

    private LocalRun(Command command, LocalProcess local, Optional<OutputStream> output) {
        this.command = command;
        this.local = local;
        this.process = local.process();
        this.deadlineNanos = System.nanoTime() + nanos(command.limit());
        this.errorPump = Pump.start("stderr of " + process.pid(), process.getErrorStream(), error);
        this.outputPump = output.map(
                        target -> Pump.start("stdout of " + process.pid(), process.getInputStream(), target))
                .orElse(null);
    }

    /** Starts a command, whose standard output goes to {@code output}, or to who reads {@link #output()}. */
    static LocalRun start(Command command, AccountSwitch account, Optional<OutputStream> output) {
        LocalRun run = new LocalRun(command, LocalProcess.start(command, account), output);
        if (output.isPresent()) {
            run.feed();
        } else {
            // Whoever works with a running command may forget it; its limit holds all the same.
            run.process
                    .onExit()
                    .orTimeout(nanos(command.limit()), TimeUnit.NANOSECONDS)
                    .whenComplete((ended, late) -> {
                        if (late != null) {
                            run.local.kill();
                        }
                    });
        }
        return run;
    }

    /** Runs to the end, within the command's limit. */
    CommandResult toEnd() {
        try {
            awaitExit();
            drain();
            Throwable refused = outputPump == null ? null : outputPump.failure();
            if (refused != null) {
                throw CommandErrors.outputRefused(HOST, command, refused);
            }
            return result();
        } catch (InterruptedException e) {
            throw CommandErrors.interrupted(HOST, command.toString());
        } finally {
            close();
        }
    }

    private void awaitExit() throws InterruptedException {
        while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
            if (outputPump != null && outputPump.failure() != null) {
                return;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw killed(command.limit());
            }
        }
    }

    private void drain() throws InterruptedException {
        if (outputPump != null && outputPump.failure() == null) {
            outputPump.drain(deadlineNanos);
            if (outputPump.isDelivering()) {
                throw killed(command.limit());
            }
        }
        errorPump.drain(deadlineNanos);
    }

    private dev.understudy.error.UnderstudyException killed(Duration limit) {
        local.kill();
        return CommandErrors.timedOut(HOST, command.toString(), limit, error.text());
    }

    private CommandResult result() {
        return new CommandResult(HOST, command.toString(), process.exitValue(), new byte[0], error.text());
    }

    /** Writes the input from a thread of its own: a program may write before it has read all. */
    private void feed() {
        byte[] bytes = command.input();
        if (bytes.length <= 4096) {
            write(bytes); // fits into the pipe
            return;
        }
        Thread thread = new Thread(() -> write(bytes), "stdin of " + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    private void write(byte[] bytes) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(bytes);
        } catch (IOException e) {
            // A program need not read its input to the end; its status says whether it minded.
        }
    }

    @Override
    public OutputStream input() {
        return process.getOutputStream();
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public CommandResult await(Duration limit) {
        long remaining = Math.min(nanos(limit), Math.max(0, deadlineNanos - System.nanoTime()));
        try {
            if (!process.waitFor(remaining, TimeUnit.NANOSECONDS)) {
                throw killed(limit);
            }
            if (System.nanoTime() - deadlineNanos > 0 && process.exitValue() == 128 + 9) {
                throw killed(command.limit());
            }
            errorPump.drain(System.nanoTime() + nanos(limit));
            return result();
        } catch (InterruptedException e) {
            local.kill();
            throw CommandErrors.interrupted(HOST, command.toString());
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            local.kill();
        }
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
