package dev.understudy.server.facts;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V11;
import static dev.understudy.postgres.ServerMajor.V13;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.Columns;
import dev.understudy.server.Row;
import dev.understudy.server.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Who follows a server, whom it follows, and what its archiver does. */
public final class ReplicationFacts {
    private static final Columns SENDER = new Columns()
            .expression("pid", "pid")
            .always("usename")
            .always("application_name")
            .expression("client", "host(client_addr)")
            .expression("backend_start", "backend_start")
            .always("state")
            .always("sync_state")
            .since(V10, "sent_lsn", "text", "sent_location")
            .since(V10, "write_lsn", "text", "write_location")
            .since(V10, "flush_lsn", "text", "flush_location")
            .since(V10, "replay_lsn", "text", "replay_location")
            .since(V10, "replay_lag", "interval");

    private static final Columns RECEIVER = new Columns()
            .expression("pid", "pid")
            .always("status")
            .always("receive_start_lsn")
            .since(V13, "flushed_lsn", "text", "received_lsn")
            .expression("received_tli", "received_tli")
            .expression("last_msg_receipt_time", "last_msg_receipt_time")
            .always("latest_end_lsn")
            .always("slot_name")
            .since(V11, "sender_host", "text")
            .since(V11, "sender_port", "int4")
            .always("conninfo");

    private final Session session;

    public ReplicationFacts(Session session) {
        this.session = session;
    }

    /**
     * A process that sends WAL. Positions are empty while it has not begun, or if the role may not see them.
     *
     * @param client numeric address; empty for a Unix socket
     * @param replayLag 10+, only while there is something to measure
     */
    public record WalSender(
            int pid,
            String user,
            String applicationName,
            Optional<String> client,
            Optional<Instant> startedAt,
            String state,
            String syncState,
            Optional<Lsn> sent,
            Optional<Lsn> written,
            Optional<Lsn> flushed,
            Optional<Lsn> replayed,
            Optional<Duration> replayLag) {
        /** One line for people. */
        public String describe() {
            return "%s (pid %d%s)%s"
                    .formatted(
                            applicationName.isEmpty() ? "unnamed" : "\"" + applicationName + "\"",
                            pid,
                            client.map(address -> ", " + address).orElse(""),
                            state.isEmpty() ? "" : " " + state);
        }
    }

    /**
     * The process of a standby that receives WAL.
     *
     * @param flushed end of what it has received and flushed
     * @param slot empty text without one
     * @param senderHost 11+
     * @param conninfo as the server shows it, with secrets masked
     */
    public record WalReceiver(
            int pid,
            String status,
            Optional<Lsn> startedAt,
            Optional<Lsn> flushed,
            Optional<TimelineId> timeline,
            Optional<Instant> lastMessage,
            Optional<Lsn> latestEnd,
            String slot,
            Optional<String> senderHost,
            OptionalInt senderPort,
            String conninfo) {}

    /** What the archiver has done since its statistics were reset. */
    public record Archiver(
            long archived,
            Optional<String> lastArchived,
            Optional<Instant> lastArchivedAt,
            long failed,
            Optional<String> lastFailed,
            Optional<Instant> lastFailedAt) {
        /** Whether the last thing that it did was to fail. */
        public boolean isFailing() {
            return lastFailedAt.isPresent()
                    && lastArchivedAt.map(lastFailedAt.get()::isAfter).orElse(true);
        }
    }

    /** The senders of WAL, {@code pg_stat_replication}. */
    public List<WalSender> senders() {
        return session.list(
                ReplicationFacts::sender,
                "SELECT *, (extract(epoch FROM replay_lag) * 1000)::int8 AS lag_millis FROM (SELECT "
                        + SENDER.on(session.major()) + " FROM pg_stat_replication) s ORDER BY pid");
    }

    private static WalSender sender(Row row) throws SQLException {
        return new WalSender(
                row.number("pid"),
                row.text("usename"),
                row.text("application_name"),
                row.findText("client"),
                row.findInstant("backend_start"),
                row.text("state"),
                row.text("sync_state"),
                row.findLsn("sent_lsn"),
                row.findLsn("write_lsn"),
                row.findLsn("flush_lsn"),
                row.findLsn("replay_lsn"),
                row.findBigNumber("lag_millis").stream()
                        .mapToObj(Duration::ofMillis)
                        .findFirst());
    }

    /** The receiver of WAL, {@code pg_stat_wal_receiver}; empty if none runs. */
    public Optional<WalReceiver> receiver() {
        return session.find(
                row -> new WalReceiver(
                        row.number("pid"),
                        row.text("status"),
                        row.findLsn("receive_start_lsn"),
                        row.findLsn("flushed_lsn"),
                        row.number("received_tli") == 0
                                ? Optional.empty()
                                : Optional.of(new TimelineId(row.number("received_tli"))),
                        row.findInstant("last_msg_receipt_time"),
                        row.findLsn("latest_end_lsn"),
                        row.text("slot_name"),
                        row.findText("sender_host"),
                        row.findNumber("sender_port"),
                        row.text("conninfo")),
                "SELECT " + RECEIVER.on(session.major()) + " FROM pg_stat_wal_receiver WHERE pid IS NOT NULL");
    }

    /** Roles and databases whose sessions begin with another {@code synchronous_commit}, one a line, for people. */
    public List<String> commitOverrides() {
        return session.list(
                row -> row.text("who") + ": " + row.text("setting"),
                "SELECT concat_ws(' in ', 'role \"' || r.rolname || '\"', 'database \"' || d.datname || '\"') AS who,"
                        + " c.setting FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole"
                        + " LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c (setting)"
                        + " WHERE c.setting LIKE 'synchronous\\_commit=%' ORDER BY 1, 2");
    }

    /** Enabled subscriptions of all databases; always 0 before 10, which has none. */
    public long enabledSubscriptions() {
        return session.major().isAtLeast(ServerMajor.V10)
                ? session.one(
                        row -> (long) row.number("n"),
                        "SELECT count(subname)::int4 AS n FROM pg_subscription WHERE subenabled")
                : 0;
    }

    /** {@code pg_stat_archiver}. */
    public Archiver archiver() {
        return session.one(
                row -> new Archiver(
                        row.bigNumber("archived_count"),
                        row.findText("last_archived_wal"),
                        row.findInstant("last_archived_time"),
                        row.bigNumber("failed_count"),
                        row.findText("last_failed_wal"),
                        row.findInstant("last_failed_time")),
                "SELECT * FROM pg_stat_archiver");
    }
}
