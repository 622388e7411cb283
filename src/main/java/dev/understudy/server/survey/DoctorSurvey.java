package dev.understudy.server.survey;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Row;
import dev.understudy.server.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the doctor asks a server besides the usual facts; reading only. */
public final class DoctorSurvey {
    /** A snapshot for hot standby cannot be built while a transaction has more subtransactions than this. */
    private static final int SUBTRANSACTIONS_IN_CACHE = 64;

    private final Session session;

    public DoctorSurvey(Session session) {
        this.session = session;
    }

    /**
     * Queries that replay cancelled in a database, since its statistics were reset.
     *
     * @param database name
     * @param total of all kinds
     * @param snapshot cancelled for old snapshots, which hot_standby_feedback would prevent
     * @param lock cancelled for locks
     * @param since when the database's statistics began; empty if they never were reset
     */
    public record Conflicts(String database, long total, long snapshot, long lock, Optional<Instant> since) {}

    /**
     * A process that has had a transaction open for long.
     *
     * @param started when the transaction, or without one the session's last statement, began
     * @param subtransactions 65 stands for more than 64, which keep a standby from opening; -1 before 16, which do not tell
     * @param statement the first words of its last statement, without literals
     */
    public record LongTransaction(
            int pid,
            String user,
            String applicationName,
            Optional<Instant> started,
            int subtransactions,
            String statement) {
        public boolean overflows() {
            return subtransactions > SUBTRANSACTIONS_IN_CACHE;
        }

        /** For people. */
        public String describe() {
            return "process %d of role \"%s\"%s%s%s"
                    .formatted(
                            pid,
                            user,
                            applicationName.isEmpty() ? "" : " (" + applicationName + ")",
                            started.map(time -> ", since " + time).orElse(""),
                            subtransactions < 0
                                    ? ""
                                    : overflows()
                                            ? ", more than " + SUBTRANSACTIONS_IN_CACHE + " subtransactions"
                                            : ", " + subtransactions + " subtransactions");
        }
    }

    /** Recovery conflicts, {@code pg_stat_database_conflicts}; databases without any are left out. */
    public List<Conflicts> conflicts() {
        return session.list(
                row -> new Conflicts(
                        row.text("datname"),
                        row.bigNumber("total"),
                        row.bigNumber("confl_snapshot"),
                        row.bigNumber("confl_lock"),
                        row.findInstant("stats_reset")),
                "SELECT * FROM (SELECT c.datname, confl_snapshot, confl_lock, confl_tablespace + confl_lock +"
                        + " confl_snapshot + confl_bufferpin + confl_deadlock AS total, stats_reset"
                        + " FROM pg_stat_database_conflicts c JOIN pg_stat_database USING (datid)) s"
                        + " WHERE total > 0 ORDER BY datname");
    }

    /** Transactions that have written and are still open, the oldest first. */
    public List<LongTransaction> writeTransactions() {
        boolean counted = session.major().isAtLeast(ServerMajor.V16);
        String count = counted
                ? "coalesce((SELECT subxact_count + subxact_overflowed::int FROM pg_stat_get_backend_subxact(b.id)), -1)"
                : "-1";
        // The function takes a backend's number in the statistics, not its process id.
        String numbers = counted
                ? " LEFT JOIN (SELECT i AS id, pg_stat_get_backend_pid(i) AS pid FROM pg_stat_get_backend_idset() i) b"
                        + " USING (pid)"
                : "";
        return session.list(
                DoctorSurvey::transaction,
                "SELECT pid, usename, application_name, xact_start AS started, " + count + " AS subtransactions,"
                        + " '' AS statement FROM pg_stat_activity" + numbers
                        + " WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 20");
    }

    /** Sessions whose last statement started a backup that no statement of theirs has stopped; BASE_BACKUPs too. */
    public List<LongTransaction> backupSessions() {
        return session.list(
                DoctorSurvey::transaction,
                "SELECT pid, usename, application_name, query_start AS started, -1 AS subtransactions,"
                        + " substring(query from '(?i)(pg_start_backup|pg_backup_start|BASE_BACKUP)') AS statement"
                        + " FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND query ~* '(pg_start_backup|pg_backup_start|^ *BASE_BACKUP)'"
                        + " AND query !~* '(pg_stop_backup|pg_backup_stop)' ORDER BY query_start");
    }

    private static LongTransaction transaction(Row row) throws SQLException {
        return new LongTransaction(
                row.number("pid"),
                row.text("usename"),
                row.text("application_name"),
                row.findInstant("started"),
                row.number("subtransactions"),
                row.text("statement"));
    }
}
