package dev.understudy.server.check;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.SqlState;
import dev.understudy.server.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The extension amcheck of one database, which checks that B-tree indexes hold their invariants. It takes only light
 * locks and runs on a standby; it must have been created on the primary.
 */
public final class Amcheck {
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(1);

    private final Session session;

    public Amcheck(Session session) {
        this.session = session;
    }

    /** The schema that amcheck is in; empty if this database does not have it. */
    public Optional<String> schema() {
        return session.find(
                row -> row.text("s"),
                "SELECT n.nspname AS s FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE e.extname = 'amcheck'");
    }

    /**
     * Makes the extension where it is not there, on a server that is ours to change.
     *
     * @return why it cannot be had; empty if it is there now
     */
    public Optional<String> create() {
        if (schema().isPresent()) {
            return Optional.empty();
        }
        boolean available = session.find(
                        row -> row.text("n"),
                        "SELECT name::text AS n FROM pg_available_extensions WHERE name = 'amcheck'")
                .isPresent();
        if (!available) {
            return Optional.of("the extension amcheck is not installed with the server");
        }
        try {
            // Event triggers of the cluster's hear of nothing that replication does.
            session.execute(CREATE_LIMIT, "SET session_replication_role = replica");
            session.execute(CREATE_LIMIT, "CREATE EXTENSION amcheck WITH SCHEMA pg_catalog");
            return Optional.empty();
        } catch (UnderstudyException e) {
            return Optional.of("the extension amcheck could not be made: " + e.message());
        }
    }

    /** Whether tables can be checked: from 14 on, by a version of the extension that can. */
    public boolean checksTables() {
        return session.find(
                        row -> row.text("n"),
                        "SELECT proname::text AS n FROM pg_proc WHERE proname = 'verify_heapam' LIMIT 1")
                .isPresent();
    }

    /** A table, a materialized view or a TOAST table: object identifier, and name for people. */
    public record Table(long oid, String name) {}

    /** Every permanent table that keeps rows in a heap. */
    public List<Table> tables() {
        return session.list(
                row -> new Table(row.bigNumber("oid"), row.text("name")),
                "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                        + " WHERE a.amname = 'heap' AND c.relpersistence = 'p' AND c.relkind IN ('r', 'm', 't') ORDER BY c.oid");
    }

    /**
     * Checks one table.
     *
     * @return what is wrong with it, a line each; a table that cannot be read at all is one of them
     */
    public List<String> check(String schema, Table table, Duration limit) {
        try {
            return session.list(
                    limit,
                    row -> "block %s, item %s: %s".formatted(row.text("blkno"), row.text("offnum"), row.text("msg")),
                    "SELECT v.blkno, v.offnum, v.msg FROM pg_class c, LATERAL " + SqlText.identifier(schema)
                            + ".verify_heapam(c.oid) v WHERE c.oid = ?::int8::oid",
                    table.oid());
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.QUERY_FAILED || !SqlState.isDamage(e)) {
                throw e;
            }
            return List.of(e.detail().isBlank() ? e.message() : e.detail());
        }
    }

    /** From 11 on also whether the index has an entry for everything in its table, whose every page that reads. */
    private String call() {
        return session.major().isAtLeast(ServerMajor.V11) ? "bt_index_check(c.oid, true)" : "bt_index_check(c.oid)";
    }

    /** Every valid B-tree index of a permanent table, by its name with schema, as PostgreSQL prints it. */
    public List<Index> indexes() {
        return session.list(
                row -> new Index(row.bigNumber("oid"), row.text("name")),
                "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name FROM pg_index i"
                        + " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
                        + " WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid"
                        + " ORDER BY c.oid");
    }

    /** An index: its object identifier, and its name for people. */
    public record Index(long oid, String name) {}

    /**
     * Checks one index; one that was dropped meanwhile is fine.
     *
     * @param schema the extension's
     * @throws UnderstudyException {@link ErrorCode#INDEX_CORRUPT} with amcheck's own finding
     */
    public void check(String schema, Index index, Duration limit) {
        try {
            session.list(
                    limit,
                    row -> "",
                    "SELECT " + SqlText.identifier(schema) + "." + call() + "::text FROM pg_class c"
                            + " WHERE c.oid = ?::int8::oid",
                    index.oid());
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.QUERY_FAILED) {
                throw e;
            }
            throw UnderstudyException.of(ErrorCode.INDEX_CORRUPT, "index \"%s\" is corrupt", index.name())
                    .detail("%s", e.detail().isBlank() ? e.message() : e.detail())
                    .hint("If the primary's index is well, seed the standby anew; if not, reindex it on the primary.")
                    .cause(e)
                    .build();
        }
    }
}
