package dev.understudy.server.replication;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.Connector;
import dev.understudy.server.connect.ResolvedConninfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.physical.ChainedPhysicalStreamBuilder;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection that speaks the physical replication protocol, as a WAL receiver's does. To open one is the real test of
 * whether a role and a host are admitted to replication.
 */
public final class ReplicationSession implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int FIRST_WITH_TEMPORARY_SLOTS = 10;
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(5);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Connection connection;

    private ReplicationSession(Connection connection) {
        this.connection = connection;
    }

    /**
     * Logs in for replication.
     *
     * @throws UnderstudyException as for any connection; {@link ErrorCode#ROLE_NOT_REPLICATION} if the role may not, {@link
     *     ErrorCode#HBA_REJECTS} if pg_hba.conf does not admit it
     */
    public static ReplicationSession open(Conninfo conninfo) {
        ResolvedConninfo resolved = ResolvedConninfo.of(conninfo.with("replication", "true"));
        Connection connection =
                Connector.connect(resolved, ConnectOptions.REPLICATION).connection();
        try {
            connection.setNetworkTimeout(Runnable::run, (int) LIMIT.toMillis());
            return new ReplicationSession(connection);
        } catch (SQLException e) {
            throw explained(e, "set up the replication connection");
        }
    }

    public SystemIdentity identifySystem() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new SystemIdentity(
                    SystemIdentifier.parse(row.getString("systemid")),
                    new TimelineId(row.getInt("timeline")),
                    Lsn.parse(row.getString("xlogpos")));
        } catch (SQLException e) {
            throw explained(e, "identify the system");
        }
    }

    /**
     * Makes a physical slot that keeps WAL from now on and is gone with this connection; PostgreSQL 10 and newer.
     *
     * @return its name; empty where the server is too old for temporary slots
     * @throws UnderstudyException {@link ErrorCode#SLOTS_EXHAUSTED} if there is no room for one
     */
    public Optional<String> createTemporarySlot() {
        String name = "understudy_" + Long.toUnsignedString(System.nanoTime(), 36);
        try (Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseMajorVersion() < FIRST_WITH_TEMPORARY_SLOTS) {
                return Optional.empty();
            }
            statement.execute("CREATE_REPLICATION_SLOT " + name + " TEMPORARY PHYSICAL RESERVE_WAL");
            return Optional.of(name);
        } catch (SQLException e) {
            throw explained(e, "create a temporary replication slot");
        }
    }

    /**
     * The history file of a timeline, byte for byte.
     *
     * @throws UnderstudyException {@link ErrorCode#TIMELINE_UNKNOWN} if the server does not have it; timeline 1 never has
     *     one
     */
    public byte[] timelineHistory(TimelineId timeline) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            row.next();
            // Sent as it is in the file, although older majors announce it as bytea; so it is not to be decoded as one.
            return String.valueOf(row.getString(2)).getBytes(StandardCharsets.UTF_8);
        } catch (SQLException e) {
            if (isUnknownFile(e)) {
                throw UnderstudyException.of(
                                ErrorCode.TIMELINE_UNKNOWN, "the server has no history of timeline %s", timeline)
                        .detail("%s", String.valueOf(e.getMessage()))
                        .cause(e)
                        .build();
            }
            throw explained(e, "read the history of timeline " + timeline);
        }
    }

    /**
     * Streams WAL of the server's current timeline to a consumer, in this thread, until told to stop or until the server
     * ends the stream: a standby whose timeline ends does that, and so does a server that is shut down.
     *
     * @param start normally the start of a segment
     * @param slot the slot to use; empty for none
     * @param stop asked at least every few milliseconds while nothing arrives, and after each stretch
     * @return how it ended
     * @throws UnderstudyException {@link ErrorCode#WAL_REMOVED} if the server no longer has the WAL; {@link
     *     ErrorCode#SLOT_ACTIVE}, {@link ErrorCode#SLOT_MISSING}; {@link ErrorCode#REPLICATION_FAILED}
     */
    public StreamEnd stream(Lsn start, Optional<String> slot, WalConsumer consumer, BooleanSupplier stop) {
        try {
            ChainedPhysicalStreamBuilder builder = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .physical()
                    .withStartPosition(LogSequenceNumber.valueOf(start.bytes()))
                    .withStatusInterval((int) STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                    // Else the driver may report as flushed what the consumer has not, and a slot would let go of it.
                    .withAutomaticFlush(false);
            slot.ifPresent(builder::withSlotName);
            PGReplicationStream stream = builder.start();
            StreamEnd end = pump(stream, consumer, stop);
            if (!stream.isClosed()) {
                stream.close();
            }
            return end;
        } catch (SQLException e) {
            throw explained(e, "stream WAL from " + start);
        }
    }

    /** How a stream ended. */
    public enum StreamEnd {
        /** The caller wanted it to stop. */
        STOPPED,
        /** The server ended it: its timeline is over, or it shuts down. */
        ENDED_BY_SERVER
    }

    private static StreamEnd pump(PGReplicationStream stream, WalConsumer consumer, BooleanSupplier stop)
            throws SQLException {
        while (!stop.getAsBoolean()) {
            if (stream.isClosed()) {
                return StreamEnd.ENDED_BY_SERVER;
            }
            ByteBuffer bytes = stream.readPending();
            if (bytes == null) {
                LockSupport.parkNanos(IDLE_NANOS);
                continue;
            }
            Lsn end = new Lsn(stream.getLastReceiveLSN().asLong());
            consumer.accept(end.plus(-bytes.remaining()), bytes);
            LogSequenceNumber flushed =
                    LogSequenceNumber.valueOf(consumer.flushed().bytes());
            stream.setFlushedLSN(flushed);
            stream.setAppliedLSN(flushed);
        }
        stream.forceUpdateStatus();
        return StreamEnd.STOPPED;
    }

    private static boolean isUnknownFile(SQLException e) {
        return "58P01".equals(e.getSQLState());
    }

    private static UnderstudyException explained(SQLException e, String what) {
        ErrorCode code = switch (String.valueOf(e.getSQLState())) {
            case "53400" -> ErrorCode.SLOTS_EXHAUSTED;
            case "58P01" -> ErrorCode.WAL_REMOVED;
            case "55006" -> ErrorCode.SLOT_ACTIVE;
            case "42704" -> ErrorCode.SLOT_MISSING;
            default -> ErrorCode.REPLICATION_FAILED;
        };
        ServerErrorMessage server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return UnderstudyException.of(code, "could not %s", what)
                .detail("%s", String.valueOf(server == null ? e.getMessage() : server.getMessage()))
                .cause(e)
                .build();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw explained(e, "close the replication connection");
        }
    }
}
