package dev.understudy.host.posix;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.RunningCommand;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One shell of a host that runs many short commands, one after the other. To become another account, or to open a channel
 * of an SSH connection, costs more than such a command does; here it is paid once.
 *
 * <p>The shell reads each command as a line of script, and writes
 *
 * <pre>
 * OUTPUT MARK STATUS NEWLINE ERRORS MARK
 * </pre>
 *
 * where the mark is a random number of 128 bits that the command itself cannot know, so that whatever it prints is no mark.
 */
final class ShellSession implements AutoCloseable {
    /** A shell whose user has forgotten it ends by itself. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration END = Duration.ofSeconds(5);
    private static final int ERROR_CHARACTERS = 64 << 10;
    private static final int MARK_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Host host;
    private final RunningCommand shell;

    private ShellSession(Host host, RunningCommand shell) {
        this.host = host;
        this.shell = shell;
    }

    /** Starts a shell as the host's account. */
    static ShellSession start(Host host) {
        Command command = Command.of("/bin/sh", "-c", "exec 3>&1; exec /bin/sh").withLimit(LONGEST);
        return new ShellSession(host, host.start(command));
    }

    /**
     * Runs a command without input; one that leaves nothing behind which still writes.
     *
     * @throws UnderstudyException as {@link Host#run(Command, OutputStream)}; the session is of no use then
     */
    CommandResult run(Command command, OutputStream output) {
        String mark = mark();
        CompletableFuture<Void> limit =
                new CompletableFuture<Void>().orTimeout(command.limit().toMillis(), TimeUnit.MILLISECONDS);
        limit.exceptionallyAsync(late -> {
            shell.close();
            return null;
        });
        try {
            shell.input().write(request(command, mark).getBytes(StandardCharsets.UTF_8));
            shell.input().flush();
            MarkedStream answer = new MarkedStream(shell.output(), mark);
            copy(command, answer, output);
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            answer.copyTo(rest);
            return result(command, rest.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw ended(command, limit.isCompletedExceptionally(), e);
        } finally {
            limit.complete(null);
        }
    }

    private void copy(Command command, MarkedStream answer, OutputStream output) throws IOException {
        try {
            answer.copyTo(output);
        } catch (EOFException e) {
            throw e;
        } catch (IOException | UnderstudyException e) {
            throw CommandErrors.outputRefused(host.name(), command, e);
        }
    }

    private static String request(Command command, String mark) {
        String script = CommandScript.write("", command, AccountSwitch.NONE);
        // Errors are caught, and output goes past that.
        return "e=$( { " + script + "; } 2>&1 >&3 3>&- </dev/null ); s=$?\n" + "printf '%s%d\\n%s%s' " + mark
                + " \"$s\" \"$e\" " + mark + " >&3\n";
    }

    private CommandResult result(Command command, String rest) {
        int end = rest.indexOf('\n');
        String error = rest.substring(Math.max(end + 1, rest.length() - ERROR_CHARACTERS));
        return new CommandResult(
                host.name(),
                command.toString(),
                Integer.parseInt(rest.substring(0, end)),
                new byte[0],
                // The shell takes line ends off what it catches.
                error.isEmpty() ? "" : error + "\n");
    }

    /** Why the shell is not there any more. */
    private UnderstudyException ended(Command command, boolean late, IOException failure) {
        if (late) {
            return CommandErrors.timedOut(host.name(), command.toString(), command.limit(), "");
        }
        try {
            CommandResult result = shell.await(END);
            return CommandErrors.notStarted(
                    host.name(),
                    command,
                    new IOException("the shell ended with status " + result.status() + ": " + result.error(), failure));
        } catch (UnderstudyException e) {
            return e;
        }
    }

    private static String mark() {
        byte[] bytes = new byte[MARK_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        shell.close();
    }
}
