package dev.understudy.pgfile.backup;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;

/**
 * WAL that recovery from a backup needs, on one timeline.
 *
 * @param timeline the timeline
 * @param start the first location needed
 * @param end the location to replay to
 */
public record WalRange(TimelineId timeline, Lsn start, Lsn end) {}
