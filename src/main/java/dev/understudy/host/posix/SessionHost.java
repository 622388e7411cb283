package dev.understudy.host.posix;

import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.host.RunningCommand;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host whose commands run in one shell that stays, which makes many short looks quick. A command must end with all that
 * it started: what it left behind would be waited for. Closing it ends the shell, and leaves the host as it was.
 */
public final class SessionHost implements Host {
    private final Host host;
    private final HostFiles files;
    private @Nullable ShellSession session;
    private boolean usable = true;

    /** @param host stays the caller's to close */
    public SessionHost(Host host) {
        this.host = host;
        // Where the JVM itself sees the files, that is quicker still.
        this.files = host.files() instanceof ShellFiles ? new ShellFiles(this) : host.files();
    }

    @Override
    public String name() {
        return host.name();
    }

    @Override
    public boolean isLocal() {
        return host.isLocal();
    }

    @Override
    public Account account() {
        return host.account();
    }

    /** Without this one's shell. */
    @Override
    public Host as(Account account) {
        return host.as(account);
    }

    @Override
    public Host another() {
        return host.another();
    }

    @Override
    public Optional<Account> findAccount(String name) {
        return Accounts.find(name, this::run);
    }

    @Override
    public CommandResult run(Command command) {
        BoundedOutput output = new BoundedOutput(BoundedOutput.COMMAND_OUTPUT_LIMIT);
        CommandResult result = run(command, output);
        return new CommandResult(
                result.host(), result.command(), result.status(), output.toByteArray(), result.error());
    }

    /** One at a time. A command with input, and every one after a failure of the shell itself, gets a shell of its own. */
    @Override
    public synchronized CommandResult run(Command command, OutputStream output) {
        if (!usable || command.input().length > 0) {
            return host.run(command, output);
        }
        ShellSession shell = session == null ? ShellSession.start(host) : session;
        session = shell;
        boolean done = false;
        try {
            CommandResult result = shell.run(command, output);
            done = true;
            return result;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    @Override
    public RunningCommand start(Command command) {
        return host.start(command);
    }

    @Override
    public HostFiles files() {
        return files;
    }

    @Override
    public int forward(String place, int port) {
        return host.forward(place, port);
    }

    @Override
    public synchronized void close() {
        usable = false;
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
