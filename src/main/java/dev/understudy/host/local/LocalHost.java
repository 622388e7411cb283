package dev.understudy.host.local;

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

/** This machine. */
public final class LocalHost implements Host {
    private final Account self;
    private final Account account;
    private final AccountSwitch accountSwitch;
    private final HostFiles files;

    /** This machine, acting as whoever runs this process. */
    public LocalHost() {
        this(LocalAccount.current());
    }

    private LocalHost(Account self) {
        this(self, self, AccountSwitch.NONE);
    }

    private LocalHost(Account self, Account account, AccountSwitch accountSwitch) {
        this.self = self;
        this.account = account;
        this.accountSwitch = accountSwitch;
        // As another account everything goes through commands: root must not touch files in a directory where that
        // account can plant links, and sees and may more than that account does.
        this.files = accountSwitch.equals(AccountSwitch.NONE) ? new LocalFiles(account) : new ShellFiles(this);
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Host as(Account wanted) {
        if (wanted.uid() == account.uid()) {
            return this;
        }
        if (wanted.uid() == self.uid()) {
            return new LocalHost(self);
        }
        if (!self.isRoot()) {
            throw AccountSwitch.notRoot(name(), self, wanted);
        }
        AccountSwitch found = AccountSwitch.find(name(), wanted, new LocalHost(self)::run);
        return new LocalHost(self, wanted, found);
    }

    @Override
    public Host another() {
        return this;
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
        return LocalRun.start(command, accountSwitch, Optional.of(output)).toEnd();
    }

    @Override
    public RunningCommand start(Command command) {
        return LocalRun.start(command, accountSwitch, Optional.empty());
    }

    @Override
    public HostFiles files() {
        return files;
    }

    @Override
    public int forward(String place, int port) {
        return port;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    @Override
    public String toString() {
        return name();
    }
}
