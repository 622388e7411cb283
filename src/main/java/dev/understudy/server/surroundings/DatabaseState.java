package dev.understudy.server.surroundings;

import java.util.List;
import java.util.Optional;

/**
 * One database, looked into.
 *
 * @param name its name
 * @param unlogged unlogged tables and materialized views, {@code schema.table}, at most {@value DatabaseLook#MOST_NAMES}
 * @param unloggedCount how many there are
 * @param sequences those of its sequences that have the least left, at most {@value DatabaseLook#MOST_NAMES}
 * @param sequenceCount how many sequences it has
 * @param indexes its indexes on text, by collation; those sorted by plain bytes are left out
 * @param sorting digest of how the database's own collation sorts some difficult words
 * @param libc version of the C library as its collations tell it; only 13 and newer can
 * @param oldestTable the table with the oldest transaction ids, {@code schema.table}
 */
public record DatabaseState(
        String name,
        List<String> unlogged,
        long unloggedCount,
        List<SequenceState> sequences,
        long sequenceCount,
        List<SortedIndexes> indexes,
        String sorting,
        Optional<String> libc,
        Optional<String> oldestTable) {
    public DatabaseState {
        unlogged = List.copyOf(unlogged);
        sequences = List.copyOf(sequences);
        indexes = List.copyOf(indexes);
    }

    /** How many of its indexes depend on how a library sorts. */
    public long indexCount() {
        return indexes.stream().mapToLong(SortedIndexes::count).sum();
    }
}
