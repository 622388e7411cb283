package dev.understudy.server.replication;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;

/**
 * The answer to IDENTIFY_SYSTEM.
 *
 * @param timeline the server's current one
 * @param flushed end of the WAL that is flushed
 */
public record SystemIdentity(SystemIdentifier systemIdentifier, TimelineId timeline, Lsn flushed) {}
