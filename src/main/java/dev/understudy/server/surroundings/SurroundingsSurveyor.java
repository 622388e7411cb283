package dev.understudy.server.surroundings;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Looks a running server over as a place for a primary. */
public final class SurroundingsSurveyor {
    /** The years whose rules count: what is stored now is read back and compared for as long. */
    private static final String ZONES = """
            SELECT name, md5(string_agg(extract(epoch FROM month AT TIME ZONE name)::int8::text, ' ' ORDER BY month))
                   AS digest
            FROM pg_timezone_names,
                 generate_series(timestamp '2015-01-01 12:00', timestamp '2037-12-01 12:00', interval '1 month') month
            GROUP BY name
            """;

    private static final int MOST_TRANSACTIONS = 50;

    private final Session session;
    private final Conninfo conninfo;
    private final Duration limit;

    /**
     * @param session to the server; used by this object alone while it surveys
     * @param conninfo the connection string behind it, for looking into other databases of the server
     * @param limit of each query
     */
    public SurroundingsSurveyor(Session session, Conninfo conninfo, Duration limit) {
        this.session = session;
        this.conninfo = conninfo;
        this.limit = limit;
    }

    /**
     * Looks once.
     *
     * @throws UnderstudyException if the session is lost on the way
     */
    public Surroundings survey() {
        session.limitTo(limit);
        return new Surroundings(
                known(() -> ClockReading.of(session)),
                known(this::tablespaces),
                known(() -> new DatabaseVisits(session, conninfo, limit).visit()),
                known(this::ages),
                known(this::prepared),
                known(this::twoPhaseFiles),
                known(this::transactions));
    }

    /** The answer of a query, or the reason why there is none. The loss of the session is no answer: it goes on up. */
    static <T> Known<T> known(Supplier<T> query) {
        try {
            return Known.of(query.get());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SESSION_LOST) {
                throw e;
            }
            return Known.unknown(e.detail().isEmpty() ? e.message() : e.message() + ": " + e.detail());
        }
    }

    private List<TablespaceState> tablespaces() {
        List<TablespaceState> found = session.list(
                row -> new TablespaceState(
                        Oid.parse(row.text("oid")),
                        row.text("spcname"),
                        row.text("location"),
                        Known.unknown("not looked at")),
                "SELECT oid::text AS oid, spcname, pg_tablespace_location(oid) AS location FROM pg_tablespace"
                        + " WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY spcname");
        List<TablespaceState> looked = new ArrayList<>();
        for (TablespaceState each : found) {
            looked.add(
                    new TablespaceState(each.oid(), each.name(), each.location(), known(() -> isThere(each.name()))));
        }
        return looked;
    }

    /** The size is null where the directory cannot be opened. Source: {@code calculate_tablespace_size}. */
    private boolean isThere(String tablespace) {
        return session.one(row -> row.flag("there"), "SELECT pg_tablespace_size(?) IS NOT NULL AS there", tablespace);
    }

    private List<TransactionAge> ages() {
        return session.list(
                row -> new TransactionAge(row.text("datname"), row.bigNumber("xids"), row.bigNumber("multixacts")),
                "SELECT datname, age(datfrozenxid) AS xids, mxid_age(datminmxid) AS multixacts FROM pg_database"
                        + " ORDER BY datname");
    }

    private List<PreparedTransaction> prepared() {
        return session.list(
                row -> new PreparedTransaction(
                        row.text("gid"), row.text("database"), row.text("owner"), row.bigNumber("seconds")),
                "SELECT gid, database, owner, extract(epoch FROM clock_timestamp() - prepared)::int8 AS seconds"
                        + " FROM pg_prepared_xacts ORDER BY prepared, gid");
    }

    private List<String> twoPhaseFiles() {
        return session.list(row -> row.text("name"), "SELECT f AS name FROM pg_ls_dir('pg_twophase') f ORDER BY f");
    }

    /** Without the right to see, a role still sees whose sessions there are, and in which databases; those are clients. */
    private OpenTransactions transactions() {
        String clients = session.major().isAtLeast(ServerMajor.V10)
                ? "backend_type = 'client backend'"
                : "query NOT LIKE 'autovacuum: %'";
        List<OpenTransaction> seen = session.list(
                row -> new OpenTransaction(
                        row.number("pid"),
                        row.text("usename"),
                        row.text("application_name"),
                        row.text("datname"),
                        row.text("state"),
                        row.flag("writes"),
                        row.bigNumber("seconds")),
                "SELECT pid, usename, application_name, datname, state, backend_xid IS NOT NULL AS writes,"
                        + " extract(epoch FROM clock_timestamp() - xact_start)::int8 AS seconds FROM pg_stat_activity"
                        + " WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND " + clients
                        + " ORDER BY xact_start LIMIT " + MOST_TRANSACTIONS);
        long hidden = session.one(
                row -> row.bigNumber("hidden"),
                "SELECT count(*) AS hidden FROM pg_stat_activity WHERE query = '<insufficient privilege>'"
                        + " AND usename IS NOT NULL AND datname IS NOT NULL");
        return new OpenTransactions(seen, hidden);
    }

    /** Its time zone data; apart from the rest, since they are many, and of use only next to another server's. */
    public Known<TimeZoneData> timeZones() {
        return known(this::readTimeZones);
    }

    private TimeZoneData readTimeZones() {
        return new TimeZoneData(
                map(ZONES, "name", "digest"),
                map(
                        "SELECT abbrev, (utc_offset || CASE WHEN is_dst THEN ' summer' ELSE '' END) AS meaning"
                                + " FROM pg_timezone_abbrevs",
                        "abbrev",
                        "meaning"));
    }

    private Map<String, String> map(String sql, String key, String value) {
        Map<String, String> map = new HashMap<>();
        session.list(row -> map.put(row.text(key), row.text(value)), sql);
        return map;
    }
}
