package dev.understudy.provision.route;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.SystemIdentifier;
import java.time.Instant;

/**
 * What a running server says of the directory it works in, so that the directory can be told from any other.
 *
 * @param dataDirectory absolute path on its own machine; empty where the role may not see it
 * @param systemIdentifier of its cluster
 * @param startedAt when its postmaster started, by its own clock, to the second at least
 */
public record RunningCluster(String dataDirectory, Known<SystemIdentifier> systemIdentifier, Instant startedAt) {}
