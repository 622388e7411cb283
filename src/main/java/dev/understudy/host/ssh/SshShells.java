package dev.understudy.host.ssh;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.CommandErrors;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The shells that stay on one connection: as few as the looks at one time need. */
final class SshShells {
    /** Each keeps a channel, and a connection has only so many. */
    private static final int MOST = 3;

    /** A look mostly takes a few milliseconds; waiting for its end costs less than another shell. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String host;
    private final SshConnection connection;
    private final Deque<SshShell> idle = new ArrayDeque<>();
    private int open;

    SshShells(String host, SshConnection connection) {
        this.host = host;
        this.connection = connection;
    }

    /** @return empty if the connection turned out to be stale before anything was sent */
    Optional<CommandResult> run(Command command, AccountSwitch account, OutputStream output) {
        long end = System.nanoTime() + command.limit().toNanos();
        Optional<SshShell> taken = take(command, end);
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        SshShell shell = taken.get();
        boolean ended = false;
        try {
            CommandResult result = shell.run(command, left(end), account, output);
            ended = true;
            return Optional.of(result);
        } finally {
            giveBack(shell, ended);
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private Optional<SshShell> take(Command command, long end) {
        try {
            Optional<SshShell> free = awaitIdle(command, end);
            if (free.isPresent()) {
                return free;
            }
        } catch (InterruptedException e) {
            throw CommandErrors.interrupted(host, command.toString());
        }
        Optional<SshShell> made = Optional.empty();
        try {
            made = SshShell.open(host, connection, left(end));
            return made;
        } finally {
            if (made.isEmpty()) {
                noteGone();
            }
        }
    }

    /** @return empty if the caller is to open another one, which is counted already */
    private synchronized Optional<SshShell> awaitIdle(Command command, long end) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            for (SshShell shell = idle.poll(); shell != null; shell = idle.poll()) {
                if (shell.isUsable()) {
                    return Optional.of(shell);
                }
                shell.close();
                open--;
            }
            long now = System.nanoTime();
            if (open == 0 || open < MOST && now - begun > PATIENCE_NANOS) {
                open++;
                return Optional.empty();
            }
            if (now - end > 0) {
                throw CommandErrors.timedOut(
                        host, command.toString(), command.limit(), "It did not start: other looks took all the time.");
            }
            wait(20);
        }
    }

    private void giveBack(SshShell shell, boolean ended) {
        if (ended && shell.isUsable()) {
            synchronized (this) {
                idle.push(shell);
                notifyAll();
            }
        } else {
            shell.close();
            noteGone();
        }
    }

    private synchronized void noteGone() {
        open--;
        notifyAll();
    }

    /**
     * Gives up the channels of shells that nobody uses now, for a server that allows few.
     *
     * @return whether there was one
     */
    boolean closeIdle() {
        List<SshShell> closing;
        synchronized (this) {
            closing = new ArrayList<>(idle);
            idle.clear();
            open -= closing.size();
        }
        closing.forEach(SshShell::close);
        return !closing.isEmpty();
    }
}
