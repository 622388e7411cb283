package dev.understudy.server.facts;

import static dev.understudy.postgres.ServerMajor.V10;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.Columns;
import dev.understudy.server.Session;
import java.time.Instant;
import java.util.Optional;

/** The contents of {@code pg_control}, by the server's own functions. */
public final class ControlFacts {
    private static final Columns CHECKPOINT = new Columns()
            .since(V10, "checkpoint_lsn", "text", "checkpoint_location")
            .since(V10, "redo_lsn", "text", "redo_location")
            .always("redo_wal_file")
            .expression("timeline_id", "timeline_id")
            .expression("prev_timeline_id", "prev_timeline_id")
            .expression("full_page_writes", "full_page_writes")
            .expression("checkpoint_time", "checkpoint_time");

    private static final Columns RECOVERY = new Columns()
            .since(V10, "min_recovery_end_lsn", "text", "min_recovery_end_location")
            .expression("min_recovery_end_timeline", "min_recovery_end_timeline")
            .since(V10, "backup_start_lsn", "text", "backup_start_location")
            .since(V10, "backup_end_lsn", "text", "backup_end_location")
            .expression("end_of_backup_record_required", "end_of_backup_record_required");

    private final Session session;

    public ControlFacts(Session session) {
        this.session = session;
    }

    /** The last checkpoint or restartpoint. */
    public record Checkpoint(
            Lsn checkpointLsn,
            Lsn redoLsn,
            String redoSegment,
            TimelineId timeline,
            TimelineId previousTimeline,
            boolean fullPageWrites,
            Instant time) {}

    /**
     * What recovery must reach; all zero on a server that is not in recovery.
     *
     * @param minRecoveryTimeline empty if there is no minimum
     */
    public record Recovery(
            Lsn minRecoveryPoint,
            Optional<TimelineId> minRecoveryTimeline,
            Lsn backupStartPoint,
            Lsn backupEndPoint,
            boolean backupEndRequired) {}

    /** What initdb decided. */
    public record Init(
            int blockSize, int walBlockSize, int walSegmentSize, int blocksPerSegment, int checksumVersion) {}

    /** The versions of the control file and the catalog. */
    public record SystemVersions(int controlVersion, int catalogVersion, Instant lastModified) {}

    public SystemVersions system() {
        return session.one(
                row -> new SystemVersions(
                        row.number("pg_control_version"),
                        row.number("catalog_version_no"),
                        row.instant("pg_control_last_modified")),
                "SELECT * FROM pg_control_system()");
    }

    public Checkpoint checkpoint() {
        return session.one(
                row -> new Checkpoint(
                        row.lsn("checkpoint_lsn"),
                        row.lsn("redo_lsn"),
                        row.text("redo_wal_file"),
                        new TimelineId(row.number("timeline_id")),
                        new TimelineId(row.number("prev_timeline_id")),
                        row.flag("full_page_writes"),
                        row.instant("checkpoint_time")),
                "SELECT " + CHECKPOINT.on(major()) + " FROM pg_control_checkpoint()");
    }

    public Recovery recovery() {
        return session.one(
                row -> new Recovery(
                        row.lsn("min_recovery_end_lsn"),
                        row.number("min_recovery_end_timeline") == 0
                                ? Optional.empty()
                                : Optional.of(new TimelineId(row.number("min_recovery_end_timeline"))),
                        row.lsn("backup_start_lsn"),
                        row.lsn("backup_end_lsn"),
                        row.flag("end_of_backup_record_required")),
                "SELECT " + RECOVERY.on(major()) + " FROM pg_control_recovery()");
    }

    public Init init() {
        return session.one(
                row -> new Init(
                        row.number("database_block_size"),
                        row.number("wal_block_size"),
                        row.number("bytes_per_wal_segment"),
                        row.number("blocks_per_segment"),
                        row.number("data_page_checksum_version")),
                "SELECT * FROM pg_control_init()");
    }

    private ServerMajor major() {
        return session.major();
    }
}
