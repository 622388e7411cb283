package dev.understudy.host.open;

import dev.understudy.host.Host;
import dev.understudy.host.local.LocalHost;
import dev.understudy.host.ssh.SshAddress;
import dev.understudy.host.ssh.SshHost;
import dev.understudy.host.ssh.SshOptions;

/** Opens hosts by what a playbook calls them. */
public final class Hosts {
    private Hosts() {}

    /** This machine, acting as whoever runs this process. */
    public static Host local() {
        return new LocalHost();
    }

    /**
     * A host by name: {@code local}, or {@code ssh://user@host:port} with the user's own SSH configuration. What stands
     * for no host at all is the caller's matter.
     *
     * @throws dev.understudy.error.UnderstudyException {@code HOST_ADDRESS_INVALID} if it is neither; else as
     *     {@link SshHost#open}
     */
    public static Host open(String name) {
        return open(name, SshOptions.ofEnvironment());
    }

    /** The same with SSH's files elsewhere. */
    public static Host open(String name, SshOptions options) {
        if (name.equals("local")) {
            return local();
        }
        return SshHost.open(SshAddress.parseUri(name), options);
    }

    /** Refuses what {@link #open} would, without connecting. */
    public static void check(String name) {
        if (!name.equals("local")) {
            SshAddress.parseUri(name);
        }
    }
}
