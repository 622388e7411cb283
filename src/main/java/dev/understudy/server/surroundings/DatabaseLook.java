package dev.understudy.server.surroundings;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.util.List;
import java.util.Optional;

/** Looks into the one database of a session. */
final class DatabaseLook {
    static final int MOST_NAMES = 20;

    private static final String UNLOGGED = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, count(*) OVER () AS count
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence = 'u' AND c.relkind IN ('r', 'm') ORDER BY 1 LIMIT
            """;

    private static final String OLDEST = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 't', 'm') AND c.relfrozenxid <> '0' ORDER BY age(c.relfrozenxid) DESC, 1 LIMIT 1
            """;

    private final Session session;
    private final String database;

    DatabaseLook(Session session, String database) {
        this.session = session;
        this.database = database;
    }

    private record Named(String name, long count) {}

    DatabaseState look() {
        List<Named> unlogged =
                session.list(row -> new Named(row.text("name"), row.bigNumber("count")), UNLOGGED + MOST_NAMES);
        SequenceLook sequences = new SequenceLook(session, database);
        CollationLook collations = new CollationLook(session);
        return new DatabaseState(
                database,
                unlogged.stream().map(Named::name).toList(),
                unlogged.isEmpty() ? 0 : unlogged.get(0).count(),
                sequences.leastLeft(),
                sequences.count(),
                collations.indexes(),
                collations.sorting(),
                session.major().isAtLeast(ServerMajor.V13) ? collations.libc() : Optional.empty(),
                session.find(row -> row.text("name"), OLDEST));
    }
}
