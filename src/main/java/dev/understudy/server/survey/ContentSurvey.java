package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What is in the cluster's databases that ties it to a machine's libraries.
 *
 * @param collations recorded collation versions
 * @param libraries shared libraries in use
 * @param relations number of relations with files of the databases looked into
 * @param unloggedTables {@code database.schema.table} of unlogged tables, at most 20 a database
 * @param databasesNotSeen names of databases that could not be looked into
 */
public record ContentSurvey(
        Known<List<CollationSurvey>> collations,
        Known<List<LibraryUse>> libraries,
        Known<Long> relations,
        Known<List<String>> unloggedTables,
        List<String> databasesNotSeen) {
    public ContentSurvey {
        databasesNotSeen = List.copyOf(databasesNotSeen);
    }
}
