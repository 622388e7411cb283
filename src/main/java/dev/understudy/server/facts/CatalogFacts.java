package dev.understudy.server.facts;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V15;

import dev.understudy.postgres.Oid;
import dev.understudy.server.Columns;
import dev.understudy.server.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Databases, extensions, collations and roles. */
public final class CatalogFacts {
    private static final Columns DATABASE = new Columns()
            .expression("oid", "oid::text")
            .always("datname")
            .expression("encoding", "pg_encoding_to_char(encoding)")
            .always("datcollate")
            .always("datctype")
            .expression("datallowconn", "datallowconn")
            .expression("datistemplate", "datistemplate")
            .since(V15, "datcollversion", "text")
            .expression("size", "CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END");

    private static final Columns CHECKSUM_FAILURES = new Columns()
            .always("datname")
            .since(V12, "checksum_failures", "int8")
            .since(V12, "checksum_last_failure", "timestamptz");

    private final Session session;

    public CatalogFacts(Session session) {
        this.session = session;
    }

    /**
     * A database.
     *
     * @param collationVersion 15+: the version of the collation library that its indexes were built with
     * @param sizeBytes empty if the role may not connect to it
     */
    public record Database(
            Oid oid,
            String name,
            String encoding,
            String collate,
            String characterType,
            boolean allowsConnections,
            boolean template,
            Optional<String> collationVersion,
            OptionalLong sizeBytes) {}

    /** An extension of the session's database. */
    public record Extension(String name, String version) {}

    /**
     * A collation of the session's database that has a version.
     *
     * @param recorded the version that indexes were built with
     * @param actual that of the library in use
     */
    public record Collation(String name, String recorded, String actual) {}

    /** Page checksum failures in a database; {@code database} is empty text for shared relations. */
    public record ChecksumFailures(String database, long count, Optional<Instant> last) {}

    public List<Database> databases() {
        return session.list(
                row -> new Database(
                        Oid.parse(row.text("oid")),
                        row.text("datname"),
                        row.text("encoding"),
                        row.text("datcollate"),
                        row.text("datctype"),
                        row.flag("datallowconn"),
                        row.flag("datistemplate"),
                        row.findText("datcollversion"),
                        row.findBigNumber("size")),
                "SELECT " + DATABASE.on(session.major()) + " FROM pg_database ORDER BY datname");
    }

    public List<Extension> extensions() {
        return session.list(
                row -> new Extension(row.text("extname"), row.text("extversion")),
                "SELECT extname, extversion FROM pg_extension ORDER BY extname");
    }

    /** The collation version of the session's database as its library tells it now; 15+. */
    public Optional<String> actualDatabaseCollationVersion() {
        if (!session.major().isAtLeast(V15)) {
            return Optional.empty();
        }
        return session.find(
                        row -> row.findText("v"),
                        "SELECT pg_database_collation_actual_version(oid) AS v FROM pg_database"
                                + " WHERE datname = current_database()")
                .flatMap(version -> version);
    }

    /** Collations with versions; 10+, none before. */
    public List<Collation> collations() {
        if (!session.major().isAtLeast(V10)) {
            return List.of();
        }
        return session.list(
                row -> new Collation(row.text("name"), row.text("recorded"), row.text("actual")),
                "SELECT quote_ident(collname) AS name, collversion AS recorded,"
                        + " pg_collation_actual_version(oid) AS actual FROM pg_collation"
                        + " WHERE collversion IS NOT NULL ORDER BY collname");
    }

    /** Databases with page checksum failures; 12+, none before. */
    public List<ChecksumFailures> checksumFailures() {
        return session.list(
                row -> new ChecksumFailures(
                        row.text("datname"),
                        row.bigNumber("checksum_failures"),
                        row.findInstant("checksum_last_failure")),
                "SELECT * FROM (SELECT " + CHECKSUM_FAILURES.on(session.major())
                        + " FROM pg_stat_database) s WHERE checksum_failures > 0 ORDER BY datname");
    }
}
