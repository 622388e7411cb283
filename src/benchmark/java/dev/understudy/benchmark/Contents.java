package dev.understudy.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Fills a cluster, and changes it. */
public final class Contents {
    /** About a thousand files of the size that a database of some gigabytes has. */
    private static final int LARGE_TABLES = 250;

    private static final int PAGE_BYTES = 8192;
    /** Rows on a page, with the room that an update in place needs. */
    private static final int ROWS_PER_PAGE = 9;

    private static final int TABLES_PER_BATCH = 500;

    private final int megabytes;
    private final int smallTables;

    /**
     * @param megabytes size of the large tables together; half random text, which compresses about as data does
     * @param smallTables tables of four files each (table, index, TOAST table and its index)
     */
    public Contents(int megabytes, int smallTables) {
        this.megabytes = megabytes;
        this.smallTables = smallTables;
    }

    /** Makes the tables, in two sessions. */
    void fill(Cluster cluster) {
        int half = smallTables / 2;
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> fillLarge(cluster, 0));
        fillLarge(cluster, 1);
        other.join();
        CompletableFuture<Void> otherSmall = CompletableFuture.runAsync(() -> fillSmall(cluster, 0, half));
        fillSmall(cluster, half, smallTables);
        otherSmall.join();
        cluster.execute("VACUUM (FREEZE)", "CHECKPOINT");
    }

    private void fillLarge(Cluster cluster, int first) {
        long pages = (long) megabytes * 1_000_000 / PAGE_BYTES / LARGE_TABLES;
        for (int table = first; pages > 0 && table < LARGE_TABLES; table += 2) {
            // In one transaction, so that the rows need not go through WAL.
            cluster.execute("""
                    BEGIN;
                    CREATE TABLE large_%1$d (id int, turn int, body text) WITH (fillfactor = 90);
                    ALTER TABLE large_%1$d ALTER body SET STORAGE PLAIN;
                    INSERT INTO large_%1$d SELECT i, 0, repeat(md5(i::text), 13) || md5(random()::text)
                    || md5(random()::text) || md5(random()::text) || repeat('x', 200)
                    FROM generate_series(1, %2$d) i;
                    COMMIT""".formatted(table, pages * ROWS_PER_PAGE));
        }
    }

    private static void fillSmall(Cluster cluster, int first, int end) {
        for (int from = first; from < end; from += TABLES_PER_BATCH) {
            // A batch a transaction: each table takes locks.
            cluster.execute("""
                    DO $$ BEGIN FOR t IN %d..%d LOOP
                    EXECUTE format('CREATE TABLE small_%%s (id int PRIMARY KEY, body text)', t);
                    EXECUTE format('INSERT INTO small_%%s VALUES (1, %%L)', t, md5(t::text));
                    END LOOP; END $$""".formatted(from, Math.min(end, from + TABLES_PER_BATCH) - 1));
        }
    }

    /** Changes a share of the large tables' pages, each by one row, anywhere. */
    public static void scatter(Cluster cluster, double share, long seed) {
        Random random = new Random(seed);
        for (int table = 0; table < LARGE_TABLES; table++) {
            int pages = pages(cluster, table);
            List<Integer> blocks =
                    new ArrayList<>(IntStream.range(0, pages).boxed().toList());
            Collections.shuffle(blocks, random);
            change(cluster, table, blocks.subList(0, (int) Math.round(pages * share)));
        }
        cluster.execute("CHECKPOINT");
    }

    /** Changes the same share in runs: the last pages of the tables, as where rows are mostly added. */
    public static void changeRuns(Cluster cluster, double share) {
        for (int table = 0; table < LARGE_TABLES; table++) {
            int pages = pages(cluster, table);
            int first = pages - (int) Math.round(pages * share);
            change(cluster, table, IntStream.range(first, pages).boxed().toList());
        }
        cluster.execute("CHECKPOINT");
    }

    private static int pages(Cluster cluster, int table) {
        String bytes = cluster.query("SELECT pg_relation_size('large_%d')".formatted(table));
        return (int) (Long.parseLong(String.valueOf(bytes)) / PAGE_BYTES);
    }

    private static void change(Cluster cluster, int table, List<Integer> blocks) {
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
