package dev.understudy.doctor.facts;

import dev.understudy.postgres.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup in two commands that the account has begun on the machine that examines, as its bundle's directory has it.
 *
 * @param path of the bundle, absolute
 * @param condition how it stands, in the words of {@code backup status}: {@code open}, {@code complete}, {@code lost} …
 * @param beganAt when it was begun
 * @param limitAt when it is given up if nobody ends it
 * @param endedAt when it was stopped; empty unless it is complete
 * @param systemIdentifier the cluster's; empty text until it is known
 * @param startLsn the backup's; empty until it has started
 * @param slot that keeps its WAL; empty text without one
 * @param slotLeft whether that may be left on the primary by a backup that is over without an end
 * @param problem why it was given up; empty text unless it was
 */
public record BundleFacts(
        String path,
        String condition,
        Instant beganAt,
        Instant limitAt,
        Optional<Instant> endedAt,
        String systemIdentifier,
        Optional<Lsn> startLsn,
        String slot,
        boolean slotLeft,
        String problem) {
    public boolean isOpen() {
        return condition.equals("open");
    }

    public boolean isComplete() {
        return endedAt.isPresent();
    }

    /** Whether half of the time is over that it may be open. */
    public boolean isForgotten(Instant now) {
        return isOpen()
                && Duration.between(beganAt, now).multipliedBy(2).compareTo(Duration.between(beganAt, limitAt)) > 0;
    }
}
