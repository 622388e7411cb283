package dev.understudy.server.surroundings;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at the sequences of a database. */
final class SequenceLook {
    /** 9.6 keeps a sequence's limits in the sequence itself, so that each has to be read. */
    private static final int MOST_READ = 200;

    /**
     * Unlogged sequences are left out: a standby does not have their values. Source: {@code pg_sequence_last_value} in
     * {@code src/backend/commands/sequence.c}.
     */
    private static final String STATES = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
                   CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE')
                        THEN pg_sequence_last_value(c.oid::regclass) END AS last_value,
                   s.seqmin AS min_value, s.seqmax AS max_value, s.seqincrement AS increment_by, s.seqcycle AS is_cycled
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence = 'p'
            """;

    private static final String NAMES = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
                   quote_literal(quote_ident(n.nspname) || '.' || quote_ident(c.relname)) AS literal
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND c.relpersistence = 'p' AND has_table_privilege(c.oid, 'SELECT')
            ORDER BY 1 LIMIT
            """;

    private static final String LEAST_LEFT = """
            SELECT name, last_value, is_cycled,
                   floor(CASE WHEN increment_by > 0 THEN (max_value::numeric - last_value) / increment_by
                         ELSE (last_value::numeric - min_value) / -increment_by::numeric END)::float8 AS left_over,
                   (100 * CASE WHEN increment_by > 0 THEN last_value::numeric - min_value
                          ELSE max_value::numeric - last_value END
                    / greatest(1, max_value::numeric - min_value))::float8 AS used
            FROM (%s) q WHERE last_value IS NOT NULL ORDER BY used DESC, name LIMIT %d
            """;

    private final Session session;
    private final String database;

    SequenceLook(Session session, String database) {
        this.session = session;
        this.database = database;
    }

    private record Name(String name, String literal) {}

    long count() {
        return session.one(
                row -> row.bigNumber("count"),
                "SELECT count(*) AS count FROM pg_class WHERE relkind = 'S' AND relpersistence = 'p'");
    }

    List<SequenceState> leastLeft() {
        if (session.major().isAtLeast(ServerMajor.V10)) {
            return states(STATES);
        }
        List<Name> names = session.list(row -> new Name(row.text("name"), row.text("literal")), NAMES + MOST_READ);
        return names.isEmpty()
                ? List.of()
                : states(names.stream()
                        .map(each -> "SELECT " + each.literal() + "::text AS name,"
                                + " CASE WHEN is_called THEN last_value END AS last_value, min_value, max_value,"
                                + " increment_by, is_cycled FROM " + each.name())
                        .collect(Collectors.joining(" UNION ALL ")));
    }

    private List<SequenceState> states(String sequences) {
        return session.list(
                row -> new SequenceState(
                        database + "." + row.text("name"),
                        row.bigNumber("last_value"),
                        row.fraction("left_over"),
                        row.fraction("used"),
                        row.flag("is_cycled")),
                LEAST_LEFT.formatted(sequences, DatabaseLook.MOST_NAMES));
    }
}
