package dev.understudy.server.check;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Columns;
import dev.understudy.server.Session;
import dev.understudy.server.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at the session's database for what is missing or damaged, by what its catalogs say; changes nothing. */
public final class Integrity {
    /**
     * Relations of the system, which every server needs before it can do anything; without pg_largeobject and its index,
     * which hold users' data. Source: {@code FirstNormalObjectId} in {@code src/include/access/transam.h}.
     */
    private static final String SYSTEM = "c.oid < 16384 AND c.oid NOT IN (2613, 2683)";

    /** Each has up to 292 lines of 28 bytes and more. */
    private static final int PAGES_LOOKED_AT = 64;

    private static final String STORED =
            "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name, c.relkind::text AS kind, c.relpages AS pages,"
                    + " pg_relation_filepath(c.oid) AS path, pg_relation_size(c.oid) AS size FROM pg_class c"
                    + " WHERE c.relpersistence = 'p' AND c.relkind IN ('r', 'i', 'S', 't', 'm')"
                    + " AND pg_relation_filepath(c.oid) IS NOT NULL ORDER BY c.oid";

    private static final Columns INVALID = new Columns()
            .expression("name", "i.indexrelid::regclass::text")
            .expression("valid", "i.indisvalid")
            .expression("ready", "i.indisready");

    private final Session session;

    public Integrity(Session session) {
        this.session = session;
    }

    /**
     * A relation that keeps data in files.
     *
     * @param kind {@code pg_class.relkind}
     * @param pages what the catalog believes it has
     * @param path of its first file, relative to the data directory
     * @param sizeBytes of its main fork as the server finds it on disk; 0 also if its file is missing
     */
    public record Stored(long oid, String name, String kind, long pages, String path, long sizeBytes) {
        /** Whether something must be there: an index and a sequence have a page from the beginning. */
        public boolean isHollow() {
            return sizeBytes == 0 && (kind.equals("i") || kind.equals("S") || pages > 0);
        }

        /** Whether it is a table, a TOAST table or a materialized view. */
        public boolean hasRows() {
            return kind.equals("r") || kind.equals("t") || kind.equals("m");
        }
    }

    /** An index that queries do not use. */
    public record InvalidIndex(String name, boolean ready) {}

    /** Something that is damaged, with the words of whoever found it. */
    public record Damage(String relation, String finding) {}

    public List<Stored> stored(Duration limit) {
        return session.list(
                limit,
                row -> new Stored(
                        row.bigNumber("oid"),
                        row.text("name"),
                        row.text("kind"),
                        row.bigNumber("pages"),
                        row.text("path"),
                        row.findBigNumber("size").orElse(0)),
                STORED);
    }

    /** The same of one relation as it is now; empty if it is gone. */
    public Optional<Stored> stored(long oid, Duration limit) {
        return stored(limit).stream().filter(each -> each.oid() == oid).findFirst();
    }

    /**
     * Where the first page with a visible row begins, of the pages behind a place in a table's main fork; only the
     * {@value #PAGES_LOOKED_AT} pages next to it are looked at.
     *
     * @param table as {@link #stored} named it
     * @param fromBytes the place, in bytes; the page that begins there or contains it is the first
     */
    public OptionalLong firstRowFrom(String table, long fromBytes, Duration limit) {
        return session.one(
                limit,
                row -> row.findBigNumber("first"),
                "SELECT min(split_part(trim(both '()' from ctid::text), ',', 1)::int8)"
                        + " * current_setting('block_size')::int8 AS first FROM " + table
                        + " WHERE ctid = ANY (ARRAY(SELECT ('(' || page || ',' || line || ')')::tid"
                        + " FROM (SELECT ?::int8 / current_setting('block_size')::int8 AS start) place,"
                        + " generate_series(start, start + " + (PAGES_LOOKED_AT - 1) + ") page,"
                        + " generate_series(1, current_setting('block_size')::int8 / 28) line))",
                fromBytes);
    }

    /** How far behind a place {@link #firstRowFrom} looks. */
    public long bytesLookedAt() {
        return PAGES_LOOKED_AT * blockBytes();
    }

    /** The size of a page. */
    public long blockBytes() {
        return session.one(row -> row.bigNumber("b"), "SELECT current_setting('block_size')::int8 AS b");
    }

    public List<InvalidIndex> invalidIndexes() {
        return session.list(
                row -> new InvalidIndex(row.text("name"), row.flag("ready")),
                "SELECT " + INVALID.on(session.major()) + " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                        + " WHERE c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready) ORDER BY 1");
    }

    /** The system's tables, by name with schema. */
    public List<String> systemTables() {
        return session.list(
                row -> row.text("name"),
                "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE " + SYSTEM
                        + " AND c.relkind = 'r' AND n.nspname = 'pg_catalog' AND has_table_privilege(c.oid, 'SELECT')"
                        + " ORDER BY c.oid");
    }

    /**
     * Reads every row of a table with every column, past its indexes.
     *
     * @param table as {@link #systemTables} gave it
     * @return how many rows
     */
    public long readAll(String table, Duration limit) {
        // That a row is or is not null as a whole takes a look at each of its columns.
        return session.one(
                limit,
                row -> row.bigNumber("n"),
                "SELECT count(*) + count(*) FILTER (WHERE t.* IS NULL) * 0 AS n FROM " + table + " t");
    }

    /** Whether verify_heapam is there: amcheck of 14 and newer. */
    public boolean checksTables() {
        return session.major().isAtLeast(ServerMajor.V14);
    }

    /** Tables and materialized views that are permanent. */
    public List<Amcheck.Index> tables(boolean systemOnly) {
        return session.list(
                row -> new Amcheck.Index(row.bigNumber("oid"), row.text("name")),
                "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relpersistence = 'p' AND c.relkind IN ('r', 't', 'm')"
                        + (systemOnly ? " AND " + SYSTEM : "") + " ORDER BY c.oid");
    }

    /** The object identifiers of the system's own indexes. */
    public List<Long> systemIndexes() {
        return session.list(
                row -> row.bigNumber("oid"),
                "SELECT c.oid::int8 AS oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind = 'i' AND " + SYSTEM);
    }

    /**
     * What amcheck finds wrong in a table, TOAST included; at most ten things.
     *
     * @param schema the extension's
     */
    public List<Damage> verifyHeap(String schema, Amcheck.Index table, Duration limit) {
        return session.list(
                limit,
                row -> new Damage(table.name(), row.text("said")),
                "SELECT 'block ' || blkno || coalesce(', offset ' || offnum, '') || ': ' || msg AS said FROM pg_class c, "
                        + SqlText.identifier(schema)
                        + ".verify_heapam(c.oid, false, true) WHERE c.oid = ?::int8::oid LIMIT 10",
                table.oid());
    }

    /** The schema of pg_visibility; empty if this database does not have it. */
    public Optional<String> visibilitySchema() {
        return session.find(
                row -> row.text("s"),
                "SELECT n.nspname AS s FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE e.extname = 'pg_visibility'");
    }

    /** How many tuples of a table are not frozen although the visibility map says that their page is. */
    public long wronglyFrozen(String schema, Amcheck.Index table, Duration limit) {
        return session.one(
                limit,
                row -> row.bigNumber("n"),
                "SELECT count(f) AS n FROM pg_class c, LATERAL " + SqlText.identifier(schema)
                        + ".pg_check_frozen(c.oid) f WHERE c.oid = ?::int8::oid",
                table.oid());
    }
}
