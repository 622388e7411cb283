package dev.understudy.provision.route;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.SystemIdentifier;

/**
 * What a running server says of the directory it works in, so that the directory can be told from any other.
 *
 * @param dataDirectory absolute path on its own machine; empty where the role may not see it
 * @param systemIdentifier of its cluster
 * @param startEpochSeconds when its postmaster started, in seconds since 1970 UTC by its own clock
 */
public record RunningCluster(String dataDirectory, Known<SystemIdentifier> systemIdentifier, long startEpochSeconds) {}
