package dev.understudy.server.surroundings;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks into every database that the role may enter, one after the other, for a limited time. */
final class DatabaseVisits {
    private static final int MOST_DATABASES = 100;

    /** For all databases together: what is not seen by then is named as such. */
    private static final Duration MOST_TIME = Duration.ofSeconds(60);

    private final Session session;
    private final Conninfo conninfo;
    private final Duration limit;
    private final List<DatabaseState> seen = new ArrayList<>();
    private final List<String> notSeen = new ArrayList<>();

    DatabaseVisits(Session session, Conninfo conninfo, Duration limit) {
        this.session = session;
        this.conninfo = conninfo;
        this.limit = limit;
    }

    private record Door(String database, boolean open) {}

    Databases visit() {
        long deadlineNanos = System.nanoTime() + MOST_TIME.toNanos();
        List<Door> doors = session.list(
                row -> new Door(row.text("datname"), row.flag("allowed")),
                "SELECT datname, has_database_privilege(oid, 'CONNECT') AS allowed FROM pg_database"
                        + " WHERE datallowconn AND NOT datistemplate ORDER BY datname");
        for (Door door : doors) {
            if (!door.open()) {
                notSeen.add("%s (no CONNECT privilege)".formatted(door.database()));
            } else if (seen.size() == MOST_DATABASES || System.nanoTime() > deadlineNanos) {
                notSeen.add("%s (looking into all takes too long)".formatted(door.database()));
            } else {
                visit(door.database());
            }
        }
        return new Databases(seen, notSeen);
    }

    /** A database that cannot be looked into is named, and the reason with it. */
    private void visit(String database) {
        try (Session inside =
                Session.open(ResolvedConninfo.of(conninfo.with("dbname", database)), ConnectOptions.QUERY)) {
            inside.limitTo(limit);
            seen.add(new DatabaseLook(inside, database).look());
        } catch (UnderstudyException e) {
            notSeen.add("%s (%s)".formatted(database, e.message()));
        }
    }
}
