package dev.understudy.server.check;

import dev.understudy.server.Session;
import java.util.List;

/** The relations of the session's database that keep data in files which replay maintains, shared ones among them. */
public final class StoredRelations {
    private static final String PERMANENT =
            "SELECT c.oid::int8 AS oid, c.oid::regclass::text AS name, pg_relation_filepath(c.oid) AS path"
                    + " FROM pg_class c WHERE c.relpersistence = 'p' AND c.relkind IN ('r', 'i', 'S', 't', 'm')"
                    + " AND pg_relation_filepath(c.oid) IS NOT NULL";

    private final Session session;

    public StoredRelations(Session session) {
        this.session = session;
    }

    /**
     * A relation with storage.
     *
     * @param path of its first file, relative to the data directory, such as {@code base/5/16384}
     */
    public record Relation(long oid, String name, String path) {}

    public List<Relation> permanent() {
        return session.list(row -> new Relation(row.bigNumber("oid"), row.text("name"), row.text("path")), PERMANENT);
    }

    /** Those whose first file is not there, by name and path; reading the file system takes a superuser. */
    public List<String> missing() {
        return session.list(
                row -> row.text("name") + " (" + row.text("path") + ")",
                "SELECT r.name, r.path FROM (" + PERMANENT
                        + ") r WHERE (pg_stat_file(r.path, true)).size IS NULL ORDER BY r.oid");
    }

    /** Whether the relation is still there, with the same file. */
    public boolean isThere(Relation relation) {
        return session.find(
                        row -> row.findText("path"),
                        "SELECT pg_relation_filepath(?::int8::oid) AS path",
                        relation.oid())
                .flatMap(path -> path)
                .filter(relation.path()::equals)
                .isPresent();
    }
}
