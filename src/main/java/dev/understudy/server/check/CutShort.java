package dev.understudy.server.check;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.Session;
import dev.understudy.server.check.Integrity.Stored;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells tables whose file on the standby ends before rows that the primary shows. The pages that are left are sound, and a
 * scan ends quietly where the file does, so that no look at the standby alone misses what is gone. Sizes alone say
 * nothing: a primary makes files longer ahead of use, and writes no WAL of that.
 */
public final class CutShort {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Integrity standby;
    private final ServerFacts replay;
    private final Session primary;
    private final Duration limit;

    /** Replay that is behind once is waited for no more: there may be thousands of tables. */
    private boolean behind;

    /**
     * @param standby a session in the database
     * @param primary the same database of the primary
     * @param limit of each look into the catalogs
     */
    public CutShort(Session standby, Session primary, Duration limit) {
        this.standby = new Integrity(standby);
        this.replay = new ServerFacts(standby);
        this.primary = primary;
        this.limit = limit;
    }

    /**
     * In words, each with where it ends; tables that the primary has in another file by now are left out. Unknown if none is
     * found, and replay did not come to where the primary was, so that not all could be compared.
     *
     * @param relations as the standby's catalogs name them
     */
    public Known<List<String>> among(List<Stored> relations) {
        Map<Long, Stored> theirs = new HashMap<>();
        Integrity there = new Integrity(primary);
        there.stored(limit).forEach(each -> theirs.put(each.oid(), each));
        List<String> found = new ArrayList<>();
        for (Stored own : relations) {
            Optional<Stored> other = Optional.ofNullable(theirs.get(own.oid()))
                    .filter(each -> own.hasRows() && each.path().equals(own.path()) && isLonger(each, own));
            if (!behind && other.isPresent() && isCutShort(own, other.get(), there)) {
                found.add("%s (%s), which ends after %d bytes while the primary shows rows behind that"
                        .formatted(own.name(), own.path(), own.sizeBytes()));
            }
        }
        return behind && found.isEmpty()
                ? Known.unknown(
                        "replay did not come to where the primary was within %d s".formatted(PATIENCE.toSeconds()))
                : Known.of(found);
    }

    private static boolean isLonger(Stored one, Stored other) {
        return one.sizeBytes() > other.sizeBytes();
    }

    /** Rows that may be new to the standby count only once it has replayed them and its file still ends before them. */
    private boolean isCutShort(Stored own, Stored other, Integrity there) {
        OptionalLong row = firstRow(own.name(), own.sizeBytes(), other.sizeBytes(), there);
        if (row.isEmpty() || !hasReplayed(new ServerFacts(primary).positions().current())) {
            return false;
        }
        return standby.stored(own.oid(), limit)
                .filter(now -> now.path().equals(own.path()) && now.sizeBytes() <= row.getAsLong())
                // A table may have been emptied meanwhile.
                .filter(now -> firstRow(now.name(), now.sizeBytes(), other.sizeBytes(), there)
                        .isPresent())
                .isPresent();
    }

    /** Looks right behind the standby's end, and at the primary's: what is between is long where much is missing. */
    private OptionalLong firstRow(String table, long standbyBytes, long primaryBytes, Integrity there) {
        OptionalLong next = there.firstRowFrom(table, standbyBytes, limit);
        long last = primaryBytes - there.bytesLookedAt();
        return next.isPresent() || last <= standbyBytes ? next : there.firstRowFrom(table, last, limit);
    }

    private boolean hasReplayed(Optional<Lsn> target) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (target.isPresent()) {
            Optional<Lsn> replayed = replay.positions().replayed();
            if (replayed.filter(lsn -> lsn.isAtLeast(target.get())).isPresent()) {
                return true;
            }
            if (System.nanoTime() - end > 0) {
                behind = true;
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return false;
    }
}
