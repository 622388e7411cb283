package dev.understudy.promotion.gather;

import dev.understudy.postgres.Lsn;
import dev.understudy.server.Session;
import dev.understudy.server.check.Integrity;
import dev.understudy.server.check.Integrity.Stored;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells tables whose file on the standby ends before rows that the primary shows. The pages that are left are sound, and a
 * scan ends quietly where the file does, so that no look at the standby alone misses what is gone. Sizes alone say
 * nothing: a primary makes files longer ahead of use, and writes no WAL of that.
 */
final class CutShort {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Integrity standby;
    private final ServerFacts replay;
    private final Session primary;
    private final Duration limit;

    /**
     * @param standby a session in the database
     * @param primary the same database of the primary
     * @param limit of each look into the catalogs
     */
    CutShort(Session standby, Session primary, Duration limit) {
        this.standby = new Integrity(standby);
        this.replay = new ServerFacts(standby);
        this.primary = primary;
        this.limit = limit;
    }

    /** In words, each with where it ends; tables that the primary has in another file by now are left out. */
    List<String> among(List<Stored> relations) {
        Map<Long, Stored> theirs = new HashMap<>();
        Integrity there = new Integrity(primary);
        there.stored(limit).forEach(each -> theirs.put(each.oid(), each));
        return relations.stream()
                .filter(Stored::hasRows)
                .filter(own -> Optional.ofNullable(theirs.get(own.oid()))
                        .filter(other -> other.path().equals(own.path()) && other.sizeBytes() > own.sizeBytes())
                        .isPresent())
                .filter(own -> isCutShort(own, there))
                .map(own -> "%s (%s), which ends after %d bytes while the primary shows rows behind that"
                        .formatted(own.name(), own.path(), own.sizeBytes()))
                .toList();
    }

    /** Rows that may be new to the standby count only once it has replayed them and its file still ends before them. */
    private boolean isCutShort(Stored own, Integrity there) {
        OptionalLong row = there.firstRowFrom(own.name(), own.sizeBytes(), limit);
        if (row.isEmpty() || !hasReplayed(new ServerFacts(primary).positions().current())) {
            return false;
        }
        return standby.stored(own.oid(), limit)
                .filter(now -> now.path().equals(own.path()) && now.sizeBytes() <= row.getAsLong())
                // A table may have been emptied meanwhile.
                .filter(now ->
                        there.firstRowFrom(now.name(), now.sizeBytes(), limit).isPresent())
                .isPresent();
    }

    private boolean hasReplayed(Optional<Lsn> target) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (target.isPresent()) {
            Optional<Lsn> replayed = replay.positions().replayed();
            if (replayed.filter(lsn -> lsn.isAtLeast(target.get())).isPresent()) {
                return true;
            }
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}
