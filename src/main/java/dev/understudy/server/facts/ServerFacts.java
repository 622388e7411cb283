package dev.understudy.server.facts;

import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.Tablespace;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.server.Dialect;
import dev.understudy.server.Session;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server says of itself: who it is, where it is in the WAL, how it is set up. */
public final class ServerFacts {
    /** pg_control_system() gives a signed number for what is unsigned. */
    private static final String SYSTEM_IDENTIFIER = "(CASE WHEN s.system_identifier < 0"
            + " THEN s.system_identifier::numeric + 18446744073709551616 ELSE s.system_identifier END)::text";

    private final Session session;

    public ServerFacts(Session session) {
        this.session = session;
    }

    public ServerVersion version() {
        return session.version();
    }

    public ServerIdentity identity() {
        return session.one(
                row -> new ServerIdentity(
                        session.version(),
                        SystemIdentifier.parse(row.text("sysid")),
                        row.flag("in_recovery"),
                        new TimelineId(row.number("timeline")),
                        new WalSegmentSize(row.number("segment_size")),
                        row.number("block_size"),
                        row.text("checksums").equals("on"),
                        row.instant("clock"),
                        row.instant("started")),
                "SELECT " + SYSTEM_IDENTIFIER + " AS sysid,"
                        + " pg_is_in_recovery() AS in_recovery, " + timeline() + " AS timeline,"
                        + " pg_size_bytes(current_setting('wal_segment_size')) AS segment_size,"
                        + " current_setting('block_size')::int4 AS block_size,"
                        + " current_setting('data_checksums') AS checksums,"
                        + " clock_timestamp() AS clock, pg_postmaster_start_time() AS started"
                        + " FROM pg_control_system() s, pg_control_checkpoint() c");
    }

    /** Until the checkpoint that follows a promotion, pg_control has the timeline that was left. */
    private String timeline() {
        return "CASE WHEN pg_is_in_recovery() THEN c.timeline_id ELSE ('x' || left(%s(%s), 8))::bit(32)::int4 END"
                .formatted(Dialect.WAL_FILE_NAME.on(session.major()), Dialect.CURRENT_LSN.on(session.major()));
    }

    public SystemIdentifier systemIdentifier() {
        return session.one(
                row -> SystemIdentifier.parse(row.text("sysid")),
                "SELECT " + SYSTEM_IDENTIFIER + " AS sysid FROM pg_control_system() s");
    }

    public boolean isInRecovery() {
        return session.one(row -> row.flag("r"), "SELECT pg_is_in_recovery() AS r");
    }

    /** When the server was started; tells it from every other one that may answer at the same address. */
    public Instant startedAt() {
        return session.one(row -> row.instant("t"), "SELECT pg_postmaster_start_time() AS t");
    }

    /** The server's clock; compare with ours around the call to learn the difference. */
    public Instant clock() {
        return session.one(row -> row.instant("t"), "SELECT clock_timestamp() AS t");
    }

    public WalPositions positions() {
        // CASE keeps the functions that one kind of server refuses from being called there.
        String sql = ("SELECT CASE WHEN NOT pg_is_in_recovery() THEN %s END::text AS current, %s::text AS received,"
                        + " %s::text AS replayed, pg_last_xact_replay_timestamp() AS committed,"
                        + " CASE WHEN pg_is_in_recovery() THEN %s ELSE false END AS paused")
                .formatted(
                        Dialect.CURRENT_LSN.on(session.major()),
                        Dialect.RECEIVE_LSN.on(session.major()),
                        Dialect.REPLAY_LSN.on(session.major()),
                        Dialect.IS_REPLAY_PAUSED.on(session.major()));
        return session.one(
                row -> new WalPositions(
                        row.findLsn("current"),
                        row.findLsn("received"),
                        row.findLsn("replayed"),
                        row.findInstant("committed"),
                        row.flag("paused")),
                sql);
    }

    /** The timeline that a primary writes to: from a promotion on the new one, which pg_control tells only later. */
    public TimelineId walTimeline() {
        return session.one(
                row -> new TimelineId(Integer.parseUnsignedInt(row.text("name").substring(0, 8), 16)),
                "SELECT %s(%s) AS name"
                        .formatted(Dialect.WAL_FILE_NAME.on(session.major()), Dialect.CURRENT_LSN.on(session.major())));
    }

    /** All settings that the role may see, by name. */
    public Map<String, Setting> settings() {
        Map<String, Setting> settings = new LinkedHashMap<>();
        session.list(
                row -> settings.put(
                        row.text("name"),
                        new Setting(
                                row.text("name"),
                                row.text("setting"),
                                row.text("unit"),
                                row.text("vartype"),
                                row.text("context"),
                                row.text("source"),
                                row.text("boot_val"),
                                row.findText("sourcefile"),
                                row.findNumber("sourceline"),
                                row.flag("pending_restart"))),
                "SELECT name, setting, unit, vartype, context, source, boot_val, sourcefile, sourceline,"
                        + " pending_restart FROM pg_settings ORDER BY name");
        return settings;
    }

    /**
     * One setting, as {@code SHOW} prints it; empty if the major does not have it. Paths such as {@code
     * data_directory} need {@code pg_read_all_settings}.
     */
    public Optional<String> setting(String name) {
        return session.find(row -> row.findText("v"), "SELECT current_setting(?, true) AS v", name)
                .flatMap(value -> value);
    }

    /** Tablespaces outside the data directory, with their locations on the server's host. */
    public List<Tablespace> tablespaces() {
        return session.list(
                row -> new Tablespace(Oid.parse(row.text("oid")), row.text("location")),
                "SELECT oid::text AS oid, pg_tablespace_location(oid) AS location FROM pg_tablespace"
                        + " WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY pg_tablespace.oid");
    }

    /** The addresses of both ends as the server sees them; empty through a Unix socket. */
    public Addresses addresses() {
        return session.one(
                row -> new Addresses(row.findText("server"), row.findText("client")),
                "SELECT host(inet_server_addr()) AS server, host(inet_client_addr()) AS client");
    }

    /** The two ends of a connection, as numeric addresses. */
    public record Addresses(Optional<String> server, Optional<String> client) {}
}
