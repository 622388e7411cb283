package dev.understudy.server.surroundings;

import java.util.List;
import java.util.Optional;

/**
 * The indexes of a database that are sorted by one collation.
 *
 * @param collation its name; {@code default} for the database's own
 * @param provider the library that sorts: {@code libc}, {@code icu} or {@code builtin}
 * @param recorded version of the library that the catalog says the indexes were built with; empty where it does not tell
 * @param actual version of the library that this server has; empty where it does not tell
 * @param count how many indexes
 * @param names the first of them, {@code schema.index}
 */
public record SortedIndexes(
        String collation,
        String provider,
        Optional<String> recorded,
        Optional<String> actual,
        long count,
        List<String> names) {
    public SortedIndexes {
        names = List.copyOf(names);
    }

    /** Whether the library is another one than the indexes were built with. */
    public boolean isMismatched() {
        return recorded.isPresent() && actual.isPresent() && !recorded.equals(actual);
    }
}
