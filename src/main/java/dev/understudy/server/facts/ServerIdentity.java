package dev.understudy.server.facts;

import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegmentSize;
import java.time.Instant;

/**
 * Who a server is.
 *
 * @param timeline of the last checkpoint or restartpoint; a standby may have replayed on to a later one
 * @param blockSize of data pages, in bytes
 * @param dataChecksums whether pages carry checksums
 * @param clock the server's clock when it was asked
 * @param startedAt when the postmaster started
 */
public record ServerIdentity(
        ServerVersion version,
        SystemIdentifier systemIdentifier,
        boolean inRecovery,
        TimelineId timeline,
        WalSegmentSize walSegmentSize,
        int blockSize,
        boolean dataChecksums,
        Instant clock,
        Instant startedAt) {}
