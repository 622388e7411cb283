package dev.understudy.server.survey;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks into every database that the role may enter, one after the other. */
final class ContentSurveyor {
    /** Clusters with more databases hold copies of the same schema; the first tell enough. */
    private static final int MOST_DATABASES = 100;

    /** For all databases together: what is not seen by then is named as such. */
    private static final Duration MOST_TIME = Duration.ofSeconds(60);

    private final Session session;
    private final Conninfo conninfo;
    private final Duration limit;
    private final List<LibraryUse> libraries = new ArrayList<>();
    private final List<CollationSurvey> collations = new ArrayList<>();
    private final List<String> unlogged = new ArrayList<>();
    private final List<String> notSeen = new ArrayList<>();
    private final long deadlineNanos;
    private long relations;

    ContentSurveyor(Session session, Conninfo conninfo, Duration limit) {
        this.session = session;
        this.conninfo = conninfo;
        this.limit = limit;
        this.deadlineNanos = System.nanoTime() + MOST_TIME.toNanos();
    }

    ContentSurvey survey(ServerSettings settings) {
        addPreloaded(settings, "shared_preload_libraries", true);
        addPreloaded(settings, "session_preload_libraries", true);
        addPreloaded(settings, "local_preload_libraries", true);
        addPreloaded(settings, "archive_library", false);
        addDatabaseCollations();
        List<String> databases = session.list(
                limit,
                row -> row.flag("allowed") ? row.text("datname") : addNotSeen(row.text("datname")),
                "SELECT datname, has_database_privilege(oid, 'CONNECT') AS allowed FROM pg_database"
                        + " WHERE datallowconn ORDER BY datname");
        int count = 0;
        for (String database : databases) {
            if (!notSeen.contains(database)) {
                if (count++ < MOST_DATABASES && System.nanoTime() < deadlineNanos) {
                    look(database);
                } else {
                    notSeen.add(database);
                }
            }
        }
        return new ContentSurvey(
                Known.of(List.copyOf(collations)),
                Known.of(List.copyOf(libraries)),
                Known.of(relations),
                Known.of(List.copyOf(unlogged)),
                notSeen);
    }

    private String addNotSeen(String database) {
        notSeen.add(database);
        return database;
    }

    private void addPreloaded(ServerSettings settings, String setting, boolean atStart) {
        for (String library : settings.list(setting)) {
            String file = setting.equals("local_preload_libraries") && !library.contains("/")
                    ? "$libdir/plugins/" + library
                    : library;
            libraries.add(new LibraryUse(file, setting, atStart));
        }
    }

    private void addDatabaseCollations() {
        if (!session.major().isAtLeast(ServerMajor.V15)) {
            return;
        }
        session.stream(
                limit,
                row -> collations.add(new CollationSurvey(
                        "database \"%s\"".formatted(row.text("datname")),
                        DatabaseContents.provider(row.text("provider")),
                        row.text("recorded"),
                        row.text("actual"))),
                "SELECT datname, datlocprovider AS provider, datcollversion AS recorded,"
                        + " coalesce(pg_database_collation_actual_version(oid), '') AS actual"
                        + " FROM pg_database WHERE datcollversion IS NOT NULL ORDER BY datname");
    }

    /** A database that cannot be looked into is named, and the reason with it. */
    private void look(String database) {
        try (Session inside =
                Session.open(ResolvedConninfo.of(conninfo.with("dbname", database)), ConnectOptions.QUERY)) {
            DatabaseContents contents = DatabaseContents.of(inside, database, limit);
            libraries.addAll(contents.libraries());
            collations.addAll(contents.collations());
            unlogged.addAll(contents.unloggedTables());
            relations += contents.relations();
        } catch (UnderstudyException e) {
            notSeen.add("%s (%s)".formatted(database, e.message()));
        }
    }
}
