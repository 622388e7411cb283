package dev.understudy.server.hba;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A role that may log in.
 *
 * @param name as it is, unquoted
 * @param groups roles that it is a member of, directly or not, itself among them
 * @param superuser whether it is one
 * @param replication whether it may start replication
 * @param password {@code scram-sha-256}, {@code md5}, {@code none} or {@code plain}; empty if that may not be seen
 * @param validUntil when its password runs out
 */
public record LoginRole(
        String name,
        Set<String> groups,
        boolean superuser,
        boolean replication,
        Optional<String> password,
        Optional<Instant> validUntil) {
    public LoginRole {
        groups = Collections.unmodifiableSet(new TreeSet<>(groups));
    }

    /** A superuser may start replication without being told so. */
    public boolean mayReplicate() {
        return superuser || replication;
    }
}
