package dev.understudy.server.survey;

import dev.understudy.server.Row;
import dev.understudy.server.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What keeps VACUUM from removing dead rows, and where they pile up; reading only. */
public final class VacuumSurvey {
    private static final int HOLDERS = 20;
    private static final int TABLES = 3;

    /** As many dead rows as nobody needs to hear of. */
    private static final int FEW_ROWS = 10_000;

    private final Session session;

    public VacuumSurvey(Session session) {
        this.session = session;
    }

    /** What holds an xmin back. */
    public enum Kind {
        /** A standby that streams without a slot, by its hot_standby_feedback. */
        SENDER,
        /** A physical slot, by the hot_standby_feedback of the standby that uses it, or did. */
        SLOT,
        /** A session of the server itself. */
        SESSION,
        /** A prepared transaction of the server itself. */
        PREPARED;

        /** Whether a standby is behind it. */
        public boolean isOfStandby() {
            return this == SENDER || this == SLOT;
        }
    }

    /**
     * Something that keeps rows which died after a transaction from being removed.
     *
     * @param name application_name of a sender, name of a slot, role of a session, global identifier of a prepared
     *     transaction
     * @param pid of the sender, of who uses the slot, or of the session; empty if there is none
     * @param xmin the oldest transaction that it may still need
     * @param age transactions since then
     * @param since when the session's transaction began, or was prepared
     */
    public record XminHolder(
            Kind kind, String name, OptionalLong pid, String xmin, long age, Optional<Instant> since) {}

    /**
     * A table of the database that was asked.
     *
     * @param name with its schema
     * @param dead rows that are dead, as far as the statistics know
     * @param live rows that are not
     * @param vacuumed when it was last vacuumed, by hand or not
     */
    public record DeadRows(String name, long dead, long live, Optional<Instant> vacuumed) {}

    /** All that holds an xmin, the oldest first. A role without pg_monitor sees the slots and its own sessions alone. */
    public List<XminHolder> holders() {
        return session.list(
                VacuumSurvey::holder,
                "SELECT * FROM (SELECT 'SENDER' AS kind, application_name AS name, pid::int8 AS pid,"
                        + " backend_xmin::text AS xmin, age(backend_xmin)::int8 AS age, NULL::timestamptz AS since"
                        + " FROM pg_stat_replication"
                        + " UNION ALL SELECT 'SLOT', slot_name, active_pid, xmin::text, age(xmin), NULL"
                        + " FROM pg_replication_slots WHERE slot_type = 'physical'"
                        + " UNION ALL SELECT 'SESSION', usename, pid, coalesce(backend_xmin, backend_xid)::text,"
                        + " greatest(age(backend_xmin), age(backend_xid)), xact_start FROM pg_stat_activity"
                        + " WHERE pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_stat_replication)"
                        + " UNION ALL SELECT 'PREPARED', gid, NULL, transaction::text, age(transaction), prepared"
                        + " FROM pg_prepared_xacts) h WHERE age IS NOT NULL ORDER BY age DESC LIMIT " + HOLDERS);
    }

    private static XminHolder holder(Row row) throws SQLException {
        return new XminHolder(
                Kind.valueOf(row.text("kind")),
                row.text("name"),
                row.findBigNumber("pid"),
                row.text("xmin"),
                row.bigNumber("age"),
                row.findInstant("since"));
    }

    /** Tables of this database with many dead rows, the worst first. */
    public List<DeadRows> deadRows() {
        return session.list(
                row -> new DeadRows(
                        row.text("name"), row.bigNumber("dead"), row.bigNumber("live"), row.findInstant("vacuumed")),
                "SELECT format('%I.%I', schemaname, relname) AS name, n_dead_tup AS dead, n_live_tup AS live,"
                        + " greatest(last_vacuum, last_autovacuum) AS vacuumed FROM pg_stat_all_tables"
                        + " WHERE n_dead_tup >= " + FEW_ROWS + " ORDER BY n_dead_tup DESC LIMIT " + TABLES);
    }
}
