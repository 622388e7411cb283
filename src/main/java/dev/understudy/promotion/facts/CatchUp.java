package dev.understudy.promotion.facts;

import dev.understudy.postgres.Lsn;
import java.time.Duration;
import java.util.Optional;

/**
 * How far behind the standby was, and how long it took to come to where the primary, or what it had received itself, was
 * at that moment.
 *
 * @param target end of the primary's WAL when it was asked; of what the standby had received where the primary was not
 *     asked
 * @param ofPrimary whether {@code target} is the primary's
 * @param received end of what the standby had received then, if it streams
 * @param replayed end of what it had replayed then
 * @param took how long it took to replay up to {@code target}; empty if it did not within {@code patience}
 * @param patience how long was waited at most
 * @param paused whether replay was paused
 * @param end end of what the standby had when all other servers had been asked: received or replayed, the later
 */
public record CatchUp(
        Lsn target,
        boolean ofPrimary,
        Optional<Lsn> received,
        Lsn replayed,
        Optional<Duration> took,
        Duration patience,
        boolean paused,
        Lsn end) {
    /** WAL between the target and what was replayed, in bytes. */
    public long lagBytes() {
        return replayed.isBefore(target) ? target.minus(replayed) : 0;
    }

    /** WAL between the target and what was received, in bytes. */
    public long missingBytes() {
        Lsn had = received.filter(replayed::isBefore).orElse(replayed);
        return had.isBefore(target) ? target.minus(had) : 0;
    }
}
