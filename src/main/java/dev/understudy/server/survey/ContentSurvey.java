package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What is in the cluster's databases that ties it to a machine's libraries.
 *
 * @param collations recorded collation versions
 * @param libraries shared libraries in use
 * @param databasesNotSeen names of databases that could not be looked into
 */
public record ContentSurvey(
        Known<List<CollationSurvey>> collations, Known<List<LibraryUse>> libraries, List<String> databasesNotSeen) {
    public ContentSurvey {
        databasesNotSeen = List.copyOf(databasesNotSeen);
    }
}
