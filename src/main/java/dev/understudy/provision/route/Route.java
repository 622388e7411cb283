package dev.understudy.provision.route;

import java.util.Locale;

/** How the bytes of the data directory come over. */
public enum Route {
    AUTO("auto"),
    LOCAL("local"),
    SSH("ssh"),
    SQL("sql"),
    /** The target installation's own pg_basebackup, for a role that has REPLICATION and nothing else. */
    BASEBACKUP("basebackup"),
    /** Somebody else's copy: a snapshot, a clone, a restore. */
    COMMAND("command");

    private final String printed;

    Route(String printed) {
        this.printed = printed;
    }

    /** By its name in a playbook. */
    public static Route of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** As in a playbook. */
    public String printed() {
        return printed;
    }

    @Override
    public String toString() {
        return printed;
    }
}
