package dev.understudy.promotion.facts;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;

/**
 * pg_control as the server's functions tell it.
 *
 * @param blockSize in bytes
 * @param walSegmentBytes in bytes
 */
public record ControlSample(
        SystemIdentifier systemIdentifier,
        int controlVersion,
        int catalogVersion,
        Lsn checkpointLsn,
        Lsn redoLsn,
        TimelineId timeline,
        int blockSize,
        int walSegmentBytes,
        int checksumVersion) {}
