package dev.understudy.server.facts;

import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of the relation that a file of the data directory belongs to. The catalogue that knows it is that of the file's
 * own database, so a session to that one is opened.
 */
public final class RelationOfFile {
    private static final Pattern PATH = Pattern.compile(
            "(?:global|base/(?<database>\\d+)|pg_tblspc/(?<tablespace>\\d+)/[^/]+/(?<there>\\d+))/(?<node>\\d+)(?:[_.].*)?");

    private static final String FIND = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.oid = pg_filenode_relation(?::text::oid, ?::text::oid)";

    private static final String DATABASE =
            "SELECT datname, dattablespace::text AS dattablespace FROM pg_database" + " WHERE oid = ?::text::oid";

    /** Oid of the tablespace {@code pg_global}: fixed in {@code pg_tablespace.dat}. */
    private static final String PG_GLOBAL = "1664";

    private record Database(String name, String tablespace) {}

    private RelationOfFile() {}

    /**
     * Looks it up.
     *
     * @param path relative to the data directory, such as {@code base/5/16384.1}
     * @return for example {@code relation public.account of database "shop"}; empty if the file is no relation's or the
     *     relation is gone
     */
    public static Optional<String> find(Conninfo conninfo, String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String node = matcher.group("node");
        String oid = matcher.group("database") == null ? matcher.group("there") : matcher.group("database");
        try (Session session = Session.open(conninfo)) {
            if (oid == null) {
                return name(session, PG_GLOBAL, node).map(name -> "shared relation " + name);
            }
            Optional<Database> database =
                    session.find(row -> new Database(row.text("datname"), row.text("dattablespace")), DATABASE, oid);
            String tablespace = matcher.group("tablespace");
            return database.flatMap(found -> in(conninfo, found, tablespace == null ? "0" : tablespace, node));
        }
    }

    private static Optional<String> in(Conninfo conninfo, Database database, String tablespace, String node) {
        // In the catalogue, a database's own default tablespace is written as 0.
        String written = tablespace.equals(database.tablespace()) ? "0" : tablespace;
        try (Session session = Session.open(conninfo.with("dbname", database.name()))) {
            return name(session, written, node)
                    .map(name -> "relation " + name + " of database \"" + database.name() + "\"");
        }
    }

    private static Optional<String> name(Session session, String tablespace, String node) {
        return session.find(row -> row.text("name"), FIND, tablespace, node);
    }
}
