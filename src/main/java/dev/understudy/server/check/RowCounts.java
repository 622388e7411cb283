package dev.understudy.server.check;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Counts tables' rows by an index and by their own pages, in one snapshot. A table that has lost its end is sound as far as
 * it goes, and so is its index: only both together show what is gone. Reads all of both.
 */
public final class RowCounts {
    private static final String BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
            + " SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on";
    private static final String BY_PAGES = "SET LOCAL enable_seqscan = on; SET LOCAL enable_bitmapscan = off;"
            + " SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off";

    private final Session session;

    public RowCounts(Session session) {
        this.session = session;
    }

    /**
     * The permanent tables, TOAST included, that have an entry of each row in some B-tree index. Those are left out of which
     * neither table nor index holds anything: an index is one page long then.
     */
    public List<Amcheck.Table> tables() {
        return session.list(
                row -> new Amcheck.Table(row.bigNumber("oid"), row.text("name")),
                "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name FROM pg_class c"
                        + " WHERE c.relpersistence = 'p' AND c.relkind IN ('r', 't', 'm')"
                        + " AND has_table_privilege(c.oid, 'SELECT')"
                        + " AND EXISTS (SELECT 1 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid"
                        + " JOIN pg_am a ON a.oid = x.relam WHERE i.indrelid = c.oid AND a.amname = 'btree'"
                        + " AND i.indisvalid AND i.indisready AND i.indpred IS NULL"
                        + " AND (pg_relation_size(c.oid) > 0"
                        + " OR pg_relation_size(x.oid) > current_setting('block_size')::int8)) ORDER BY c.oid");
    }

    /**
     * What is wrong with one table.
     *
     * @param limit of each of the two counts
     * @throws UnderstudyException if it could not be counted, for want of time or since replay was in the way
     */
    public Optional<String> disagreement(Amcheck.Table table, Duration limit) {
        session.execute(limit, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        try {
            long indexed = count(table, BY_INDEX, "by an index", limit);
            long stored = count(table, BY_PAGES, "by the table", limit);
            return indexed == stored
                    ? Optional.empty()
                    : Optional.of("an index of it shows %d rows, and its pages hold %d".formatted(indexed, stored));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SESSION_LOST || !SqlState.isDamage(e)) {
                throw e;
            }
            return Optional.of(e.detail().isBlank() ? e.message() : e.detail().replace('\n', ' '));
        } finally {
            session.execute(limit, "ROLLBACK");
        }
    }

    /** Two texts, since settings do not touch a plan that a driver has had prepared for the same one. */
    private long count(Amcheck.Table table, String settings, String how, Duration limit) {
        session.execute(limit, settings);
        return session.one(
                limit,
                row -> row.bigNumber("n"),
                "SELECT count(*) AS n /* %s */ FROM ONLY %s".formatted(how, table.name()));
    }
}
