package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;

/**
 * Which server answered.
 *
 * @param endpoint where, for people, without secrets
 * @param version its version
 * @param inRecovery whether it is itself a standby
 * @param systemIdentifier its cluster
 * @param serverAddress the address it answers at; empty for a Unix socket
 * @param clientAddress the address it sees us at; empty for a Unix socket
 * @param startEpochSeconds when its postmaster started, in seconds since 1970 UTC by its own clock
 * @param directConnection whether nothing that pools sessions sits between; unknown if that could not be tried
 */
public record ServerIdentity(
        String endpoint,
        ServerVersion version,
        boolean inRecovery,
        Known<SystemIdentifier> systemIdentifier,
        String serverAddress,
        String clientAddress,
        long startEpochSeconds,
        Known<DirectConnection> directConnection) {}
