package dev.understudy.server.check;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The extension amcheck of one database, which checks that B-tree indexes hold their invariants. It takes only light
 * locks and runs on a standby; it must have been created on the primary.
 */
public final class Amcheck {
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
