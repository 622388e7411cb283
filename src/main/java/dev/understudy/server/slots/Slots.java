package dev.understudy.server.slots;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Columns;
import dev.understudy.server.Dialect;
import dev.understudy.server.Row;
import dev.understudy.server.Session;
import dev.understudy.server.SqlState;
import dev.understudy.server.facts.ServerFacts;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The replication slots of one server. */
public final class Slots {
    private static final Columns COLUMNS = new Columns()
            .always("slot_name")
            .always("slot_type")
            .always("plugin")
            .always("database")
            .since(ServerMajor.V10, "temporary", "boolean", "false")
            .expression("active", "active")
            .expression("active_pid", "active_pid::int8")
            .always("xmin")
            .always("catalog_xmin")
            .always("restart_lsn")
            .always("confirmed_flush_lsn")
            .since(ServerMajor.V13, "wal_status", "text")
            .since(ServerMajor.V13, "safe_wal_size", "int8")
            .since(ServerMajor.V14, "two_phase", "boolean")
            .since(ServerMajor.V16, "conflicting", "boolean")
            .since(ServerMajor.V17, "inactive_since", "timestamptz")
            .since(ServerMajor.V17, "invalidation_reason", "text")
            .since(ServerMajor.V17, "failover", "boolean")
            .since(ServerMajor.V17, "synced", "boolean");

    private final Session session;

    public Slots(Session session) {
        this.session = session;
    }

    public List<ReplicationSlot> list() {
        return session.list(Slots::slot, select() + " ORDER BY slot_name");
    }

    public Optional<ReplicationSlot> find(String name) {
        return session.find(Slots::slot, select() + " WHERE slot_name = ?", name);
    }

    /**
     * Creates a permanent physical slot that keeps WAL from this moment on.
     *
     * @return its restart_lsn
     * @throws UnderstudyException {@link ErrorCode#SLOT_EXISTS}, {@link ErrorCode#SLOTS_EXHAUSTED}
     */
    public Lsn createPhysical(String name) {
        try {
            session.list(row -> "", "SELECT 1 FROM " + Dialect.CREATE_SLOT.on(session.major()), name);
        } catch (UnderstudyException e) {
            throw explained(e, name);
        }
        return restartLsn(name);
    }

    /** Ends the {@code pg_basebackup} that streams through a slot, and no other process that does. */
    public void endBaseBackup(String name) {
        session.list(
                row -> "",
                "SELECT pg_catalog.pg_terminate_backend(s.active_pid) FROM pg_catalog.pg_replication_slots s"
                        + " JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid"
                        + " WHERE s.slot_name = ? AND r.application_name = 'pg_basebackup'",
                name);
    }

    /**
     * A place in the WAL for {@link #createPhysicalAt} that no other slot stands at by itself: between two 8-byte
     * boundaries, where no record begins. A slot that is created otherwise stands at a checkpoint's REDO location, and one
     * that a standby uses where a record ends. Source: {@code ReplicationSlotReserveWal} in {@code slot.c}.
     *
     * @param mark 1 to 7, the bytes before the boundary
     * @return empty before PostgreSQL 11, where no slot can be moved, and on a standby, whose backup starts at its last
     *     restartpoint: a slot that was moved to where replay stands would not keep the WAL from there on
     */
    public Optional<Lsn> placeBetweenRecords(int mark) {
        if (mark < 1 || mark > 7) {
            throw new IllegalArgumentException("not between two boundaries: " + mark);
        }
        if (new ServerFacts(session).isInRecovery()) {
            return Optional.empty();
        }
        return Dialect.CREATE_SLOT_AT.find(session.major()).map(wording -> {
            Lsn end = session.one(
                    row -> row.findLsn("lsn").orElse(Lsn.INVALID),
                    "SELECT " + Dialect.SAFE_END_LSN.on(session.major()) + " AS lsn");
            return new Lsn((end.bytes() & ~7L) - mark);
        });
    }

    /**
     * Creates a permanent physical slot that keeps WAL from a place on, in one statement; PostgreSQL 11 and newer.
     *
     * @param place from {@link #placeBetweenRecords}, a moment ago
     * @return false if a checkpoint has passed the place meanwhile: then there is no slot, and the caller tries again
     * @throws UnderstudyException {@link ErrorCode#SLOT_EXISTS}, {@link ErrorCode#SLOTS_EXHAUSTED}
     */
    public boolean createPhysicalAt(String name, Lsn place) {
        try {
            session.list(
                    row -> "", "SELECT 1 FROM " + Dialect.CREATE_SLOT_AT.on(session.major()), name, place.toString());
            return true;
        } catch (UnderstudyException e) {
            // The slot is made before it is moved, and stays when that fails; only ours can be where that is the error.
            if (SqlState.of(e).equals("55000") && drop(name)) {
                return false;
            }
            throw explained(e, name);
        }
    }

    /**
     * Copies a physical slot, so that the new one keeps the same WAL; PostgreSQL 12 and newer.
     *
     * @return the new slot's restart_lsn
     */
    public Lsn copyPhysical(String existing, String name) {
        try {
            session.list(row -> "", "SELECT 1 FROM " + Dialect.COPY_SLOT.on(session.major()), existing, name);
        } catch (UnderstudyException e) {
            throw explained(e, name);
        }
        return restartLsn(name);
    }

    /**
     * Drops a slot unless somebody uses it.
     *
     * @return false if there was none
     * @throws UnderstudyException {@link ErrorCode#SLOT_ACTIVE}
     */
    public boolean drop(String name) {
        Optional<ReplicationSlot> slot = find(name);
        if (slot.isEmpty()) {
            return false;
        }
        OptionalLong pid = slot.get().activePid();
        if (pid.isPresent()) {
            throw active(name, "Process " + pid.getAsLong() + " uses it.", null);
        }
        try {
            session.list(row -> "", "SELECT pg_drop_replication_slot(?)", name);
            return true;
        } catch (UnderstudyException e) {
            if (SqlState.of(e).equals("42704")) {
                return false;
            }
            throw SqlState.of(e).equals("55006") ? active(name, e.detail(), e) : e;
        }
    }

    private Lsn restartLsn(String name) {
        return find(name)
                .flatMap(ReplicationSlot::restartLsn)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.SLOT_MISSING, "replication slot \"%s\" is gone or keeps no WAL", name)
                        .build());
    }

    private static UnderstudyException active(String name, String detail, @Nullable Throwable cause) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.SLOT_ACTIVE, "replication slot \"%s\" is in use", name)
                .detail("%s", detail)
                .hint("Stop what uses it first.");
        return cause == null ? error.build() : error.cause(cause).build();
    }

    private static UnderstudyException explained(UnderstudyException e, String name) {
        return switch (SqlState.of(e)) {
            case "42710" ->
                UnderstudyException.of(ErrorCode.SLOT_EXISTS, "replication slot \"%s\" already exists", name)
                        .hint(
                                "Choose another name. If nothing needs that slot, drop it with: SELECT"
                                        + " pg_drop_replication_slot('%s');",
                                name)
                        .cause(e)
                        .build();
            case "53400" ->
                UnderstudyException.of(ErrorCode.SLOTS_EXHAUSTED, "all replication slots are in use")
                        .detail("%s", e.detail())
                        .hint("Drop one that nothing needs, or raise max_replication_slots and restart the server.")
                        .cause(e)
                        .build();
            case "42704" ->
                UnderstudyException.of(ErrorCode.SLOT_MISSING, "the replication slot to copy does not exist")
                        .detail("%s", e.detail())
                        .cause(e)
                        .build();
            default -> e;
        };
    }

    private String select() {
        return "SELECT " + COLUMNS.on(session.major()) + " FROM pg_replication_slots";
    }

    private static ReplicationSlot slot(Row row) throws SQLException {
        return new ReplicationSlot(
                row.text("slot_name"),
                row.text("slot_type"),
                row.text("plugin"),
                row.text("database"),
                row.flag("temporary"),
                row.flag("active"),
                row.findBigNumber("active_pid"),
                row.findText("xmin"),
                row.findText("catalog_xmin"),
                row.findLsn("restart_lsn"),
                row.findLsn("confirmed_flush_lsn"),
                row.findText("wal_status"),
                row.findBigNumber("safe_wal_size"),
                row.findFlag("two_phase"),
                row.findFlag("conflicting"),
                row.findInstant("inactive_since"),
                row.findText("invalidation_reason"),
                row.findFlag("failover"),
                row.findFlag("synced"));
    }
}
