package dev.understudy.host.open;

import dev.understudy.host.Account;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.host.RunningCommand;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine that may not be there yet, such as one that a hook is going to make: it is opened when it is first used, and
 * each use tries anew until one succeeds. It is never this machine.
 */
public final class LaterHost implements Host {
    private final String name;
    private final Supplier<Host> opener;
    private @Nullable Host opened;

    /** @param name how people name it, {@code ssh://user@host} */
    public LaterHost(String name, Supplier<Host> opener) {
        this.name = name;
        this.opener = opener;
    }

    private synchronized Host host() {
        Host host = opened;
        if (host == null) {
            host = opener.get();
            opened = host;
        }
        return host;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public Account account() {
        return host().account();
    }

    @Override
    public Host as(Account account) {
        return host().as(account);
    }

    @Override
    public Host another() {
        return host().another();
    }

    @Override
    public Optional<Account> findAccount(String account) {
        return host().findAccount(account);
    }

    @Override
    public CommandResult run(Command command) {
        return host().run(command);
    }

    @Override
    public CommandResult run(Command command, OutputStream output) {
        return host().run(command, output);
    }

    @Override
    public RunningCommand start(Command command) {
        return host().start(command);
    }

    @Override
    public HostFiles files() {
        return host().files();
    }

    @Override
    public int forward(String place, int port) {
        return host().forward(place, port);
    }

    /** Nothing to close where it was never used. */
    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
