package dev.understudy.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Fills a cluster, and changes it. */
public final class Contents {
    /** About a thousand files of the size that a database of some gigabytes has. */
    private static final int LARGE_TABLES = 250;

    private static final int PAGE_BYTES = 8192;
    /** Rows on a page, with the room that an update in place needs. */
    private static final int ROWS_PER_PAGE = 9;

    private static final int TABLES_PER_BATCH = 500;

    private final Cluster cluster;

    public Contents(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes what is not there yet: large tables of half random text, which compresses about as data does, and small ones
     * of four files (table, index, TOAST table and its index).
     */
    public void fill(int megabytes, int smallTables) {
        cluster.execute("CREATE TABLE IF NOT EXISTS filled (kind text PRIMARY KEY, amount int)");
        String wanted = megabytes + "," + smallTables;
        if (wanted.equals(cluster.query("SELECT string_agg(amount::text, ',' ORDER BY kind) FROM filled"))) {
            return;
        }
        long pages = (long) megabytes * 1_000_000 / PAGE_BYTES / LARGE_TABLES;
        for (int table = 0; table < LARGE_TABLES; table++) {
            cluster.execute(
                    "DROP TABLE IF EXISTS large_%d".formatted(table),
                    "CREATE TABLE large_%d (id int, turn int, body text) WITH (fillfactor = 90)".formatted(table),
                    "ALTER TABLE large_%d ALTER body SET STORAGE PLAIN".formatted(table),
                    """
                    INSERT INTO large_%d SELECT i, 0, repeat(md5(i::text), 13) || md5(random()::text) \
                    || md5(random()::text) || md5(random()::text) || repeat('x', 200)
                    FROM generate_series(1, %d) i""".formatted(table, pages * ROWS_PER_PAGE));
        }
        for (int from = 0; from < smallTables; from += TABLES_PER_BATCH) {
            // A batch a transaction: each table takes locks.
            cluster.execute("""
                    DO $$ BEGIN FOR t IN %d..%d LOOP
                    EXECUTE format('CREATE TABLE IF NOT EXISTS small_%%s (id int PRIMARY KEY, body text)', t);
                    EXECUTE format('INSERT INTO small_%%s VALUES (1, %%L) ON CONFLICT DO NOTHING', t, md5(t::text));
                    END LOOP; END $$""".formatted(from, Math.min(smallTables, from + TABLES_PER_BATCH) - 1));
        }
        cluster.execute(
                "VACUUM (FREEZE)",
                "DELETE FROM filled",
                "INSERT INTO filled VALUES ('large', %d), ('small', %d)".formatted(megabytes, smallTables),
                "CHECKPOINT");
    }

    /** Changes a share of the large tables' pages, each by one row, anywhere. */
    public void scatter(double share, long seed) {
        Random random = new Random(seed);
        for (int table = 0; table < LARGE_TABLES; table++) {
            int pages = pages(table);
            List<Integer> blocks =
                    new ArrayList<>(IntStream.range(0, pages).boxed().toList());
            Collections.shuffle(blocks, random);
            change(table, blocks.subList(0, (int) Math.round(pages * share)));
        }
        cluster.execute("CHECKPOINT");
    }

    /** Changes the same share in runs: the last pages of the tables, as where rows are mostly added. */
    public void changeRuns(double share) {
        for (int table = 0; table < LARGE_TABLES; table++) {
            int pages = pages(table);
            int first = pages - (int) Math.round(pages * share);
            change(table, IntStream.range(first, pages).boxed().toList());
        }
        cluster.execute("CHECKPOINT");
    }

    private int pages(int table) {
        String bytes = cluster.query("SELECT pg_relation_size('large_%d')".formatted(table));
        return (int) (Long.parseLong(String.valueOf(bytes)) / PAGE_BYTES);
    }

    private void change(int table, List<Integer> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        String rows = String.join(
                ",",
                blocks.stream()
                        .map(block -> "(" + block + ",1)")
                        .map(tid -> "\"" + tid + "\"")
                        .toList());
        // Line 1 of a page may be the root of a chain that a former round began; any live row of the page will do.
        cluster.execute("""
                UPDATE large_%d SET turn = turn + 1 WHERE ctid IN (
                SELECT min(live.ctid) FROM unnest('{%s}'::tid[]) AS wanted(page)
                JOIN LATERAL (SELECT ctid FROM large_%d WHERE ctid = ANY (ARRAY(
                SELECT format('(%%s,%%s)', split_part(trim(page::text, '()'), ',', 1), line)::tid
                FROM generate_series(1, 20) line))) live ON true GROUP BY wanted.page)""".formatted(table, rows, table));
    }
}
