package dev.understudy.server.check;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import dev.understudy.server.SqlText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a server that was promoted a moment ago is asked, and what it is made to do, to show that it is a primary. */
public final class PromotedServer {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Session session;

    public PromotedServer(Session session) {
        this.session = session;
    }

    public String database() {
        return session.one(row -> row.text("d"), "SELECT current_database()::text AS d");
    }

    /** A superuser that may log in, the one of initdb first. */
    public Optional<String> superuser() {
        return session.find(
                row -> row.text("r"),
                "SELECT rolname::text AS r FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1");
    }

    /** What was replayed last, which a promoted server still tells. */
    public Lsn lastReplayed() {
        return session.one(row -> row.lsn("l"), "SELECT " + Dialect.REPLAY_LSN.on(session.major()) + "::text AS l");
    }

    /** The timeline that it writes. */
    public TimelineId timeline() {
        String file = session.one(
                row -> row.text("f"),
                "SELECT %s(%s) AS f"
                        .formatted(Dialect.WAL_FILE_NAME.on(session.major()), Dialect.CURRENT_LSN.on(session.major())));
        return new TimelineId(Integer.parseUnsignedInt(file.substring(0, 8), 16));
    }

    /** Values of settings, those that the major has. */
    public Map<String, String> settings(List<String> names) {
        Map<String, String> values = new TreeMap<>();
        for (String name : names) {
            session.find(row -> row.findText("v"), "SELECT current_setting(?, true) AS v", name)
                    .flatMap(value -> value)
                    .ifPresent(value -> values.put(name, value));
        }
        return values;
    }

    /** How many replication slots there are, senders and receivers of WAL. */
    public long connectionsOutside() {
        return session.one(
                row -> row.bigNumber("n"),
                "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_stat_replication)"
                        + " + (SELECT count(*) FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) AS n");
    }

    /**
     * Commits a row to a table of its own, reads it back and drops the table, read-only by default or not as an
     * application's session would be; no trigger of the cluster's hears of it.
     *
     * @param name of the table, which must not exist
     */
    public void write(String name) {
        session.execute(LIMIT, "RESET default_transaction_read_only");
        session.execute(LIMIT, "SET session_replication_role = replica");
        String table = "public." + SqlText.identifier(name);
        boolean there = session.one(row -> row.flag("t"), "SELECT to_regnamespace('public') IS NOT NULL AS t");
        String place = there ? table : SqlText.identifier(name);
        if (!there) {
            session.execute(LIMIT, "CREATE SCHEMA " + SqlText.identifier(name));
            place = SqlText.identifier(name) + ".t";
        }
        session.execute(LIMIT, "CREATE TABLE " + place + " (n integer)");
        session.execute(LIMIT, "INSERT INTO " + place + " VALUES (1)");
        long rows = session.one(row -> row.bigNumber("n"), "SELECT count(*) AS n FROM " + place);
        if (rows != 1) {
            throw new IllegalStateException("wrote one row and read " + rows);
        }
        session.execute(LIMIT, "DROP TABLE " + place);
        if (!there) {
            session.execute(LIMIT, "DROP SCHEMA " + SqlText.identifier(name));
        }
        session.execute(LIMIT, "RESET session_replication_role");
    }
}
