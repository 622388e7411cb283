package dev.understudy.provision.preflight.request;

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

    /** As in a playbook. */
    public String printed() {
        return printed;
    }

    @Override
    public String toString() {
        return printed;
    }
}
