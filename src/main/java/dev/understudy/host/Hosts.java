package dev.understudy.host;

import dev.understudy.host.local.LocalHost;

/** Opens hosts by what a playbook calls them. */
public final class Hosts {
    private Hosts() {}

    /** This machine, acting as whoever runs this process. */
    public static Host local() {
        return new LocalHost();
    }
}
