package dev.understudy.server.check;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.check.Integrity.Stored;
import java.time.Duration;
import java.util.List;

/**
 * Tells relations whose file has fewer pages than {@code pg_class.relpages} counts, which VACUUM and ANALYZE wrote: what
 * can be known of a lost end without the primary. It is a hint and no proof. A primary makes files longer ahead of use, by
 * pages that replay never makes but VACUUM counts, so that some have to be allowed for; a VACUUM that was cut short
 * between truncation and counting, or statistics that were restored (18 and newer), leave a count that is too high. And
 * what was added since the last count, or is less than what is allowed for, is not missed.
 */
public final class ShortFiles {
    /** Source: {@code RelationAddExtraBlocks} in {@code src/backend/access/heap/hio.c}, up to 15. */
    private static final long AHEAD_UNTIL_15 = 512;

    /** Source: {@code MAX_BUFFERS_TO_EXTEND_BY} in the same, from 16 on. */
    private static final long AHEAD_SINCE_16 = 64;

    /** An index grows a page at a time, and only a crash leaves one that is not logged. */
    private static final long AHEAD_OF_INDEX = 8;

    private final Session session;
    private final Integrity integrity;

    public ShortFiles(Session session) {
        this.session = session;
        this.integrity = new Integrity(session);
    }

    /**
     * Those that were too short before and are so still: replay may be between a truncation and its count.
     *
     * @param relations as the catalogs named them
     * @param limit of the second look
     */
    public List<Stored> among(List<Stored> relations, Duration limit) {
        long blockBytes = integrity.blockBytes();
        List<Stored> suspects =
                relations.stream().filter(each -> isShort(each, blockBytes)).toList();
        if (suspects.isEmpty()) {
            return List.of();
        }
        List<Stored> again = integrity.stored(limit);
        return suspects.stream().filter(again::contains).toList();
    }

    private boolean isShort(Stored relation, long blockBytes) {
        long tableAhead = session.major().isAtLeast(ServerMajor.V16) ? AHEAD_SINCE_16 : AHEAD_UNTIL_15;
        long ahead = relation.hasRows() ? tableAhead : AHEAD_OF_INDEX;
        return relation.pages() - relation.sizeBytes() / blockBytes > ahead;
    }
}
