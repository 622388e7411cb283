package dev.understudy.promotion.check.wal;

import java.util.Locale;
import java.util.Optional;

/**
 * What a commit waits for before its client is told, {@code synchronous_commit}, and what of such commits a promotion of the
 * standby that it waits for would lose. Source: {@code SyncCommitLevel} in {@code src/include/access/xact.h}.
 */
enum CommitLevel {
    REMOTE_APPLY("when this standby has replayed it", "nothing that was reported is lost"),
    ON("when this standby has flushed it", "nothing that was reported is lost"),
    REMOTE_WRITE(
            "when this standby has written it, flushed or not",
            "nothing that was reported is lost, unless this standby's machine crashes as well"),
    LOCAL("when the primary alone has flushed it", "what this standby lacks is lost, reported or not"),
    OFF("before anybody has flushed it", "what this standby lacks is lost, reported or not");

    private final String when;
    private final String loss;

    CommitLevel(String when, String loss) {
        this.when = when;
        this.loss = loss;
    }

    /** Empty for a value that is none of these. */
    static Optional<CommitLevel> find(String value) {
        for (CommitLevel level : values()) {
            if (level.printed().equals(value)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    String printed() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a commit waits for a standby at all. */
    boolean isRemote() {
        return compareTo(REMOTE_WRITE) <= 0;
    }

    /** At what moment the client is told, where this standby is the one that commits wait for. */
    String when() {
        return when;
    }

    /** What a promotion loses then. */
    String loss() {
        return loss;
    }
}
