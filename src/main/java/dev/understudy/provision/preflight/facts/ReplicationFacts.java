package dev.understudy.provision.preflight.facts;

/**
 * Whether the standby will be let in to follow the primary.
 *
 * @param how what was tried
 * @param accepted whether it was let in, or would be
 * @param detail the server's own words, or the rule that decided
 * @param user role it logs in as
 * @param address address that the server sees or would see; empty for a Unix socket
 */
public record ReplicationFacts(How how, boolean accepted, String detail, String user, String address) {
    /** What an answer rests on. */
    public enum How {
        /** A real replication log-in from the standby's own machine. */
        LOGIN_FROM_STANDBY,
        /** A real replication log-in from another machine than the standby's. */
        LOGIN_FROM_HERE,
        /** The lines of pg_hba.conf, judged for the standby's address; nothing was tried. */
        RULES
    }
}
