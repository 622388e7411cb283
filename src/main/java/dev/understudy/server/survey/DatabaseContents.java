package dev.understudy.server.survey;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one database holds that ties it to a machine.
 *
 * @param libraries shared libraries of its functions
 * @param collations recorded versions of its collations
 * @param relations number of its relations with files
 * @param unloggedTables names of its unlogged tables, at most 20
 */
record DatabaseContents(
        List<LibraryUse> libraries, List<CollationSurvey> collations, long relations, List<String> unloggedTables) {
    private static final String LIBRARIES = """
            SELECT DISTINCT p.probin AS library, coalesce(e.extname, '') AS extension
            FROM pg_proc p
            LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            LEFT JOIN pg_extension e ON e.oid = d.refobjid
            WHERE p.probin IS NOT NULL
            """;

    private static final String COLLATIONS = """
            SELECT collprovider AS provider, collversion AS recorded, min(collname) AS name, count(*) AS count,
                   coalesce(min(pg_collation_actual_version(oid)), '') AS actual
            FROM pg_collation WHERE collversion IS NOT NULL
            GROUP BY collprovider, collversion
            """;

    private static final String RELATIONS = "SELECT count(*) AS count FROM pg_class WHERE relfilenode <> 0";

    private static final String UNLOGGED = """
            SELECT n.nspname || '.' || c.relname AS name
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence = 'u' AND c.relkind IN ('r', 'm')
            ORDER BY 1 LIMIT 20
            """;

    static DatabaseContents of(Session session, String database, Duration limit) {
        List<LibraryUse> libraries = session.list(
                limit,
                row -> {
                    String extension = row.text("extension");
                    return new LibraryUse(
                            row.text("library"),
                            extension.isEmpty()
                                    ? "a function in database \"%s\"".formatted(database)
                                    : "extension \"%s\" in database \"%s\"".formatted(extension, database),
                            false);
                },
                LIBRARIES);
        List<CollationSurvey> collations = new ArrayList<>();
        if (session.major().isAtLeast(ServerMajor.V10)) {
            session.stream(
                    limit,
                    row -> collations.add(new CollationSurvey(
                            "collation \"%s\" in database \"%s\"".formatted(row.text("name"), database)
                                    + (row.bigNumber("count") > 1
                                            ? " (and %d like it)".formatted(row.bigNumber("count") - 1)
                                            : ""),
                            provider(row.text("provider")),
                            row.text("recorded"),
                            row.text("actual"))),
                    COLLATIONS);
        }
        long relations = session.one(limit, row -> row.bigNumber("count"), RELATIONS);
        List<String> unlogged = session.list(limit, row -> database + "." + row.text("name"), UNLOGGED);
        return new DatabaseContents(libraries, collations, relations, unlogged);
    }

    /** Source: {@code COLLPROVIDER_…} in {@code src/include/catalog/pg_collation.h}. */
    static String provider(String letter) {
        return switch (letter) {
            case "i" -> "icu";
            case "b" -> "builtin";
            default -> "libc";
        };
    }
}
