package dev.understudy.server.facts;

import dev.understudy.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a server is in the WAL.
 *
 * @param current end of what a primary has written; empty on a standby
 * @param received end of what a standby has received by streaming and flushed; empty on a primary or without streaming
 * @param replayed end of what a standby has replayed; empty on a server that was never one
 * @param lastReplayedCommit time of the last transaction replayed
 * @param replayPaused whether somebody has paused replay
 */
public record WalPositions(
        Optional<Lsn> current,
        Optional<Lsn> received,
        Optional<Lsn> replayed,
        Optional<Instant> lastReplayedCommit,
        boolean replayPaused) {}
