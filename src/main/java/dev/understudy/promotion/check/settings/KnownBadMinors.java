package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.ServerVersion;
import java.util.List;

/** Minor versions that a new primary should not run, from the release notes of those that mended them. */
final class KnownBadMinors {
    /**
     * A range of minors of one major.
     *
     * @param from the first bad one
     * @param to the last bad one; the next is the one whose release notes tell
     * @param harm what they do
     */
    record Range(ServerMajor major, int from, int to, String harm) {
        boolean has(ServerVersion version) {
            return version.major().equals(major) && from <= version.minor() && version.minor() <= to;
        }

        /** The page that tells. */
        String source() {
            return "https://www.postgresql.org/docs/release/%s.%d/".formatted(major, to + 1);
        }

        String mended() {
            return major + "." + (to + 1);
        }
    }

    private static final String FREE_SPACE_MAP =
            "a free space map can be written wrongly on a standby, which shows after a"
                    + " promotion as \"could not read block\"";
    private static final String CONCURRENT_INDEX = "CREATE INDEX CONCURRENTLY can make an index that misses rows";
    private static final String CONTINUATION =
            "a crash in the middle of a record that crosses a segment stops the standbys";
    private static final String EXTENSION_INTERFACE =
            "extensions built for the minor before may crash, and ALTER ROLE … SET role has no effect";
    private static final String TRANSACTION_STATUS =
            "a standby of it can stop with \"could not access status of transaction\","
                    + " and substring() refuses text that is not ASCII";
    private static final String BRIN_NULLS = "BRIN indexes can forget that a range holds nulls";

    private static final List<Range> ALL = List.of(
            new Range(ServerMajor.V9_6, 0, 0, FREE_SPACE_MAP),
            new Range(ServerMajor.V9_6, 1, 1, CONCURRENT_INDEX),
            new Range(ServerMajor.V13, 0, 4, CONTINUATION),
            new Range(ServerMajor.V14, 0, 0, CONTINUATION),
            new Range(ServerMajor.V14, 1, 3, CONCURRENT_INDEX),
            new Range(ServerMajor.V12, 0, 15, BRIN_NULLS),
            new Range(ServerMajor.V13, 5, 11, BRIN_NULLS),
            new Range(ServerMajor.V14, 4, 8, BRIN_NULLS),
            new Range(ServerMajor.V15, 0, 3, BRIN_NULLS),
            new Range(ServerMajor.V12, 21, 21, EXTENSION_INTERFACE),
            new Range(ServerMajor.V13, 17, 17, EXTENSION_INTERFACE),
            new Range(ServerMajor.V14, 14, 14, EXTENSION_INTERFACE),
            new Range(ServerMajor.V15, 9, 9, EXTENSION_INTERFACE),
            new Range(ServerMajor.V16, 5, 5, EXTENSION_INTERFACE),
            new Range(ServerMajor.V17, 1, 1, EXTENSION_INTERFACE),
            new Range(ServerMajor.V14, 21, 21, TRANSACTION_STATUS),
            new Range(ServerMajor.V15, 16, 16, TRANSACTION_STATUS),
            new Range(ServerMajor.V16, 12, 12, TRANSACTION_STATUS),
            new Range(ServerMajor.V17, 8, 8, TRANSACTION_STATUS),
            new Range(ServerMajor.V18, 2, 2, TRANSACTION_STATUS));

    private KnownBadMinors() {}

    static List<Range> of(ServerVersion version) {
        return ALL.stream().filter(range -> range.has(version)).toList();
    }
}
