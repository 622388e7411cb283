package dev.understudy.server.backup;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import java.time.Instant;

/**
 * A backup that has started.
 *
 * @param startLsn where replay must start: the REDO location of the start checkpoint
 * @param timeline the server's timeline at the start
 * @param segment the first WAL segment that the backup needs
 * @param onStandby whether the server was in recovery
 * @param serverTime the server's clock after the start
 * @param serverStartedAt when the server itself was started, which tells it from every other one
 */
public record BackupStart(
        Lsn startLsn,
        TimelineId timeline,
        WalSegment segment,
        boolean onStandby,
        Instant serverTime,
        Instant serverStartedAt) {}
