package dev.understudy.host.ssh;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.CommandErrors;
import dev.understudy.host.posix.CommandScript;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A shell that stays on one channel of a connection and runs one look after the other, each in a shell of its own below
 * it, with an empty input. A look that outlives its limit takes the shell with it. Not for use by several threads at once.
 */
final class SshShell implements AutoCloseable {
    /** Hexadecimal digits; what a look prints cannot hold a mark but by knowing it. */
    static final int MARK_LENGTH = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A request is a mark and a script on a line. It is answered with the mark on both outputs, and the status on one. */
    private static final String LOOP = """
            while IFS=' ' read -r mark script; do
            ( eval "$script" ) </dev/null
            status=$?
            printf '%s\n' "$mark" >&2
            printf '%s %s\n' "$mark" "$status"
            done
            """;

    private final String host;
    private final SshConnection connection;
    private final SshRun run;
    private final LookOutput output;

    private SshShell(String host, SshConnection connection, SshRun run, LookOutput output) {
        this.host = host;
        this.connection = connection;
        this.run = run;
        this.output = output;
    }

    /**
     * Starts one.
     *
     * @param limit how long it may wait for a channel; how long it stays has no limit
     * @return empty if the connection turned out to be stale before anything was sent
     */
    static Optional<SshShell> open(String host, SshConnection connection, Duration limit) {
        LookOutput output = new LookOutput();
        Command loop = Command.shell(LOOP).withLimit(limit);
        return SshRun.start(host, loop, AccountSwitch.NONE, connection, output)
                .map(run -> new SshShell(host, connection, run, output));
    }

    /** Whether it can be asked again. */
    boolean isUsable() {
        return connection.isAlive() && run.isRunning() && run.failure() == null;
    }

    /**
     * Runs a look to its end.
     *
     * @param limit what is left of the command's own
     */
    CommandResult run(Command command, Duration limit, AccountSwitch account, OutputStream target) {
        String mark = mark();
        output.begin(mark, target);
        try {
            String request = mark + " " + CommandScript.armoured(CommandScript.write("", command, account)) + "\n";
            run.input().write(request.getBytes(StandardCharsets.US_ASCII));
            run.input().flush();
            return await(command, mark, limit);
        } catch (IOException e) {
            throw SshErrors.lost(host, command.toString(), e);
        } catch (InterruptedException e) {
            run.kill();
            throw CommandErrors.interrupted(host, command.toString());
        } finally {
            output.abandon();
        }
    }

    private static String mark() {
        byte[] bytes = new byte[MARK_LENGTH / 2];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private CommandResult await(Command command, String mark, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        int status = -1;
        Optional<String> error = Optional.empty();
        while (status < 0 || error.isEmpty()) {
            // What came before the channel closed is looked at once more: the answer may be in it.
            boolean over = !isUsable();
            status = output.awaitStatus();
            if (status >= 0) {
                error = run.error().takeUntil(mark);
            }
            if (status >= 0 && error.isPresent()) {
                break;
            }
            Throwable refusal = run.failure();
            if (refusal != null) {
                run.kill();
                throw CommandErrors.outputRefused(host, command, refusal);
            }
            if (over) {
                throw lost(command);
            }
            if (System.nanoTime() - end > 0) {
                run.kill();
                throw CommandErrors.timedOut(
                        host, command.toString(), command.limit(), run.error().text());
            }
        }
        return new CommandResult(host, command.toString(), status, new byte[0], error.orElseThrow());
    }

    private UnderstudyException lost(Command command) {
        String reason = connection.isAlive()
                ? "The host closed the command's channel without saying how it ended."
                : "Nothing more came from the host.";
        return SshErrors.lost(host, command.toString(), new IOException(reason));
    }

    @Override
    public void close() {
        run.end();
    }
}
