package dev.understudy.host.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.host.RunningCommand;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.Accounts;
import dev.understudy.host.posix.BoundedOutput;
import dev.understudy.host.posix.ShellFiles;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A machine reached over SSH by JSch. A stream that a command's output is pushed into is written by the connection's own
 * thread: while it blocks, every other command of this connection waits, and it must not use this host itself; that is
 * what {@link #another()} is for.
 */
public final class SshHost implements Host {
    private final SshConnector connector;
    private final Account account;
    private final AccountSwitch accountSwitch;
    private final HostFiles files;

    private SshHost(SshConnector connector, Account account, AccountSwitch accountSwitch) {
        this.connector = connector;
        this.account = account;
        this.accountSwitch = accountSwitch;
        this.files = new ShellFiles(this);
    }

    /**
     * Connects and logs in.
     *
     * @throws UnderstudyException {@link ErrorCode#HOST_UNREACHABLE}, {@link ErrorCode#SSH_HOST_KEY_UNKNOWN},
     *     {@link ErrorCode#SSH_HOST_KEY_CHANGED}, {@link ErrorCode#SSH_AUTHENTICATION_FAILED},
     *     {@link ErrorCode#SSH_CONFIGURATION_INVALID} or {@link ErrorCode#SSH_SHELL_UNUSABLE}
     */
    public static SshHost open(SshAddress address, SshOptions options) {
        SshConnector connector = new SshConnector(address, options);
        try {
            return new SshHost(connector, connector.logInAccount(), AccountSwitch.NONE);
        } catch (UnderstudyException e) {
            connector.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return connector.name();
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Host as(Account wanted) {
        Account self = connector.logInAccount();
        if (wanted.uid() == account.uid()) {
            return this;
        }
        SshHost own = new SshHost(connector, self, AccountSwitch.NONE);
        if (wanted.uid() == self.uid()) {
            return own;
        }
        if (!self.isRoot()) {
            throw AccountSwitch.notRoot(name(), self, wanted);
        }
        return new SshHost(connector, wanted, AccountSwitch.find(name(), wanted, own::run));
    }

    @Override
    public Host another() {
        return new SshHost(connector.another(), account, accountSwitch);
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

    @Override
    public CommandResult run(Command command, OutputStream output) {
        if (command.look()) {
            return connector.look(command, accountSwitch, output);
        }
        SshRun run = connector.start(command, accountSwitch, output);
        try {
            run.feed();
            return run.await(command.limit());
        } finally {
            run.end();
        }
    }

    @Override
    public RunningCommand start(Command command) {
        BytePipe pipe = new BytePipe(SshConnection.WINDOW);
        SshRun run = connector.start(command, accountSwitch, pipe.sink());
        return new SshRunningCommand(run, pipe.source(), command.limit());
    }

    @Override
    public HostFiles files() {
        return files;
    }

    @Override
    public int forward(String place, int port) {
        return connector.forward(place, port);
    }

    /** Closes the connection, also for what {@link #as} gave. */
    @Override
    public void close() {
        connector.close();
    }

    @Override
    public String toString() {
        return name();
    }
}
