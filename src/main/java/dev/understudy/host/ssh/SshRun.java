package dev.understudy.host.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.CommandErrors;
import dev.understudy.host.posix.CommandScript;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One command while it runs on a remote host. */
final class SshRun {
    /** Signals as {@code kill -l} numbers them on Linux. */
    private static final Map<String, Integer> SIGNALS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15));

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int OPEN_MILLIS = 10_000;

    private final String host;
    private final Command command;
    private final SshConnection connection;
    private final ChannelExec channel;
    private final SshOutput output;
    private final SshErrorOutput error = new SshErrorOutput();
    private final OutputStream input;
    private final long deadlineNanos;

    private SshRun(String host, Command command, SshConnection connection, ChannelExec channel, OutputStream target)
            throws IOException {
        this.host = host;
        this.command = command;
        this.connection = connection;
        this.channel = channel;
        this.output = new SshOutput(target, channel);
        this.input = channel.getOutputStream();
        this.deadlineNanos = System.nanoTime() + nanos(command.limit());
    }

    /**
     * Starts a command; the caller must call {@link #end}.
     *
     * @return empty if the connection turned out to be stale before anything was sent
     */
    static Optional<SshRun> start(
            String host, Command command, AccountSwitch account, SshConnection connection, OutputStream target) {
        String script = CommandScript.write(SshErrorOutput.announcement(), command, account);
        String line = "exec /bin/sh -c '" + CommandScript.armoured(script) + "'";
        try {
            if (!connection.channels().tryAcquire(nanos(command.limit()), TimeUnit.NANOSECONDS)) {
                throw CommandErrors.timedOut(
                        host, command.toString(), command.limit(), "It did not start: all channels were in use.");
            }
        } catch (InterruptedException e) {
            throw CommandErrors.interrupted(host, command.toString());
        }
        try {
            ChannelExec channel = connection.newChannel();
            SshRun run = new SshRun(host, command, connection, channel, target);
            channel.setCommand(line.getBytes(StandardCharsets.UTF_8));
            channel.setOutputStream(run.output);
            channel.setErrStream(run.error);
            channel.connect(OPEN_MILLIS);
            return Optional.of(run);
        } catch (JSchException | IOException e) {
            connection.channels().release();
            if (isBeforeCommand(e)) {
                return Optional.empty();
            }
            throw SshErrors.lost(host, command.toString(), e);
        }
    }

    /** These come while the channel is being opened; the command has not been named yet. */
    private static boolean isBeforeCommand(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("session is down") || message.contains("channel is not opened");
    }

    OutputStream input() {
        return input;
    }

    SshErrorOutput error() {
        return error;
    }

    /** What the stream that takes the output threw; null if nothing. */
    @Nullable
    Throwable failure() {
        return output.failure();
    }

    boolean isRunning() {
        return !hasEnded() && !channel.isClosed();
    }

    /** Whether the host said how the command ended. */
    private boolean hasEnded() {
        String signal = channel.getExitSignal();
        return channel.getExitStatus() >= 0 || signal != null && !signal.isEmpty();
    }

    /** Gives the command its whole input; from a thread of its own where that may take long. */
    void feed() {
        byte[] bytes = command.input();
        if (bytes.length <= 64 << 10) {
            write(bytes); // fits into the window that the server opens with
            return;
        }
        Thread thread = new Thread(() -> write(bytes), "ssh input");
        thread.setDaemon(true);
        thread.start();
    }

    private void write(byte[] bytes) {
        try (OutputStream stream = input) {
            stream.write(bytes);
        } catch (IOException e) {
            // A program need not read its input to the end; its status, or the lost connection, says more.
        }
    }

    /** Waits for the end, at most for {@code limit} and for what is left of the command's own. */
    CommandResult await(Duration limit) {
        long end = Math.min(System.nanoTime() + nanos(limit), deadlineNanos);
        Duration least = limit.compareTo(command.limit()) < 0 ? limit : command.limit();
        try {
            while (!isAtEnd()) {
                if (System.nanoTime() - end > 0) {
                    kill();
                    throw CommandErrors.timedOut(host, command.toString(), least, error.text());
                }
                output.pause();
            }
        } catch (InterruptedException e) {
            kill();
            throw CommandErrors.interrupted(host, command.toString());
        }
        return result();
    }

    private boolean isAtEnd() {
        if (output.failure() != null || channel.isClosed() || !connection.isAlive()) {
            return true;
        }
        return channel.getExitStatus() >= 0 && output.silentNanos() > LINGER_NANOS && isReallySilent();
    }

    /**
     * The program has ended and nothing comes, but the output is not closed: something it left in the background holds it
     * open, or the network is slow. A round trip tells: what was on its way before its answer would have come.
     */
    private boolean isReallySilent() {
        long before = output.silentNanos();
        new SshKill(connection).roundTrip();
        return connection.isAlive() && output.silentNanos() >= before;
    }

    private CommandResult result() {
        if (output.failure() != null) {
            kill();
            throw CommandErrors.outputRefused(host, command, output.failure());
        }
        int status = status();
        boolean whole = output.isComplete() || connection.isAlive();
        if (status < 0 || !whole) {
            throw lost();
        }
        return new CommandResult(host, command.toString(), status, new byte[0], error.text());
    }

    private UnderstudyException lost() {
        String reason = connection.isAlive()
                ? "The host closed the command's channel without saying how it ended."
                : "Nothing more came from the host.";
        return SshErrors.lost(host, command.toString(), new IOException(reason));
    }

    private int status() {
        String signal = channel.getExitSignal();
        if (channel.getExitStatus() < 0 && signal != null && !signal.isEmpty()) {
            return 128 + SIGNALS.getOrDefault(signal, 0);
        }
        return channel.getExitStatus();
    }

    /** Kills the command and all that it started in its process group. */
    void kill() {
        if (connection.isAlive()) {
            error.pid().ifPresent(pid -> kill(pid));
        }
    }

    /** While a consumer holds the connection's thread, only another connection gets through. */
    private void kill(long pid) {
        if (!output.isDelivering()) {
            new SshKill(connection).kill(pid);
            return;
        }
        try (SshConnection other = connection.sibling()) {
            new SshKill(other).kill(pid);
        }
    }

    /** Gives the channel back, killing the command if it still runs. */
    void end() {
        try {
            if (!hasEnded() && !output.isComplete()) {
                kill();
            }
            channel.disconnect();
        } finally {
            connection.channels().release();
        }
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
