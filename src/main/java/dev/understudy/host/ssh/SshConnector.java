package dev.understudy.host.ssh;

import com.jcraft.jsch.JSchException;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.BoundedOutput;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps one connection to a host, and makes a new one where the old one went stale between two commands. */
final class SshConnector implements AutoCloseable {
    private static final String HELLO = "understudy-hello";

    private final SshAddress address;
    private final SshOptions options;
    private final SshConfig config;
    private final SshTarget target;
    private @Nullable SshConnection connection;
    private @Nullable Account account;
    private boolean closed;

    SshConnector(SshAddress address, SshOptions options) {
        this.address = address;
        this.options = options;
        this.config = SshConfig.load(options);
        this.target = SshTarget.resolve(address, config, options);
    }

    String name() {
        return target.name();
    }

    /** Another connection to the same host, made now. */
    SshConnector another() {
        SshConnector other = new SshConnector(address, options);
        other.connection();
        return other;
    }

    /** Starts a command; a connection that turns out to be dead before the command was sent is made anew, once. */
    SshRun start(Command command, AccountSwitch accountSwitch, OutputStream output) {
        for (int attempt = 0; attempt < 2; attempt++) {
            SshConnection current = connection();
            if (current.channels().availablePermits() == 0) {
                current.shells().closeIdle();
            }
            Optional<SshRun> run = SshRun.start(name(), command, accountSwitch, current, output);
            if (run.isEmpty() && current.isAlive() && current.shells().closeIdle()) {
                run = SshRun.start(name(), command, accountSwitch, current, output);
            }
            if (run.isPresent()) {
                return run.get();
            }
            forget(current);
        }
        throw noChannel(command);
    }

    /** Runs a look in a shell that stays; a connection that turns out to be dead before is made anew, once. */
    CommandResult look(Command command, AccountSwitch accountSwitch, OutputStream output) {
        for (int attempt = 0; attempt < 2; attempt++) {
            SshConnection current = connection();
            Optional<CommandResult> result = current.shells().run(command, accountSwitch, output);
            if (result.isPresent()) {
                return result.get();
            }
            forget(current);
        }
        throw noChannel(command);
    }

    private UnderstudyException noChannel(Command command) {
        return UnderstudyException.of(
                        ErrorCode.HOST_UNREACHABLE, "could not start command on host \"%s\": %s", name(), command)
                .detail("The host refuses another channel, also on a new connection.")
                .build();
    }

    private synchronized SshConnection connection() {
        if (closed) {
            throw UnderstudyException.of(ErrorCode.HOST_UNREACHABLE, "connection to host \"%s\" is closed", name())
                    .build();
        }
        SshConnection current = connection;
        if (current != null && !current.isAlive()) {
            current.close();
            current = null;
        }
        if (current == null) {
            current = SshConnection.open(target, config, options);
            connection = current;
        }
        return current;
    }

    /** Leads a port of our loopback interface to a place as the host sees it. */
    int forward(String place, int port) {
        try {
            return connection().forward(place, port);
        } catch (JSchException e) {
            throw UnderstudyException.of(
                            ErrorCode.HOST_UNREACHABLE,
                            "could not reach \"%s\" port %d through host \"%s\"",
                            place,
                            port,
                            name())
                    .detail("%s", String.valueOf(e.getMessage()))
                    .hint("Its SSH server must allow forwarding (AllowTcpForwarding).")
                    .cause(e)
                    .build();
        }
    }

    private synchronized void forget(SshConnection stale) {
        if (connection == stale) {
            connection = null;
        }
        stale.close();
    }

    /** Whom the log-in is, found out with the first command, which also shows whether the shell works. */
    synchronized Account logInAccount() {
        Account known = account;
        if (known == null) {
            known = greet();
            account = known;
        }
        return known;
    }

    private Account greet() {
        Command command = Command.shell(
                        "echo " + HELLO + "; id -u; id -g; id -un 2>/dev/null || id -u; printf '%s\\n' \"$HOME\"")
                .withEnvironment("LC_ALL", "C")
                .withLimit(Duration.ofSeconds(30));
        BoundedOutput output = new BoundedOutput(BoundedOutput.COMMAND_OUTPUT_LIMIT);
        SshRun run = start(command, AccountSwitch.NONE, output);
        try {
            run.feed();
            CommandResult result = run.await(command.limit());
            String text = new CommandResult(name(), "", result.status(), output.toByteArray(), "").text();
            List<String> lines = text.lines().toList();
            if (!result.succeeded() || lines.size() < 4 || !lines.get(0).equals(HELLO)) {
                throw unusable(result, text);
            }
            return new Account(
                    lines.get(3),
                    Integer.parseUnsignedInt(lines.get(1)),
                    Integer.parseUnsignedInt(lines.get(2)),
                    lines.size() > 4 ? lines.get(4) : "");
        } finally {
            run.end();
        }
    }

    private UnderstudyException unusable(CommandResult result, String text) {
        String said = (text.strip() + "\n" + result.error().strip()).strip();
        return UnderstudyException.of(
                        ErrorCode.SSH_SHELL_UNUSABLE,
                        "log-in shell on host \"%s\" does not run commands cleanly",
                        name())
                .detail(
                        "It ended with status %d and said: %s",
                        result.status(), said.substring(0, Math.min(500, said.length())))
                .hint("Give the account a shell, and let its start-up files print nothing when it is not interactive.")
                .build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
