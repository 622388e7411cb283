package dev.understudy.host;

import dev.understudy.host.open.Hosts;
import dev.understudy.host.posix.ShellFiles;
import java.io.OutputStream;
import java.util.Optional;

/** The shell's way with files, without a network in between. */
final class ShellFilesTest extends HostFilesContract {
    @Override
    protected Host host() {
        return new Shelled(Hosts.local());
    }

    /** A host that keeps its files by its shell. */
    private record Shelled(Host host) implements Host {
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

        @Override
        public Host as(Account account) {
            return new Shelled(host.as(account));
        }

        @Override
        public int forward(String place, int port) {
            return host.forward(place, port);
        }

        @Override
        public Host another() {
            return this;
        }

        @Override
        public Optional<Account> findAccount(String name) {
            return host.findAccount(name);
        }

        @Override
        public CommandResult run(Command command) {
            return host.run(command);
        }

        @Override
        public CommandResult run(Command command, OutputStream output) {
            return host.run(command, output);
        }

        @Override
        public RunningCommand start(Command command) {
            return host.start(command);
        }

        @Override
        public HostFiles files() {
            return new ShellFiles(host);
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
