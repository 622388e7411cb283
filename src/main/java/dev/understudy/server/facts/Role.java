package dev.understudy.server.facts;

import java.time.Instant;
import java.util.Optional;

/**
 * A role.
 *
 * @param connectionLimit -1 for none
 * @param validUntil of its password
 * @param passwordKind {@code scram-sha-256}, {@code md5} or {@code none}; empty if the role may not see it
 */
public record Role(
        String name,
        boolean superuser,
        boolean replication,
        boolean login,
        int connectionLimit,
        Optional<Instant> validUntil,
        Optional<String> passwordKind) {}
