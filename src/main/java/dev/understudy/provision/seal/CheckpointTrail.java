package dev.understudy.provision.seal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.CheckpointRecord;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegmentSize;
import java.util.Optional;

/**
 * Looks a clone's latest checkpoint up in WAL, to tell whether it is one that the source wrote.
 *
 * @param backup the backup around the clone
 * @param control the clone's pg_control
 */
record CheckpointTrail(CloneBackup backup, ControlFile control) {
    private WalSegmentSize size() {
        return control.walSegmentSize();
    }

    private WalReader open(WalSource source) {
        return WalReader.open(source, WalTimelines.only(backup.timeline()), size(), backup.systemIdentifier());
    }

    /**
     * Whether the source's own WAL has this checkpoint; empty if that part of it is not there any more, or cannot be read.
     */
    Optional<Boolean> isIn(WalSource sources) {
        try (WalReader reader = open(sources)) {
            reader.seek(control.checkpointLsn());
            if (!reader.next()) {
                return reader.end().reason() == WalEndReason.FILE_MISSING ? Optional.empty() : Optional.of(false);
            }
            return Optional.of(reader.lsn().equals(control.checkpointLsn())
                    && CheckpointRecord.find(reader).filter(this::isOurs).isPresent());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.PRIVILEGE_MISSING || e.code() == ErrorCode.FILE_UNREADABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isOurs(CheckpointRecord found) {
        return found.redoLsn().equals(control.redoLsn())
                && found.epochSeconds() == control.checkpoint().epochSeconds();
    }

    /**
     * What the clone's own WAL says.
     *
     * @param reached whether every record was there from the backup's start to the latest checkpoint
     * @param ownWay where a recovery ended, which never happens on a server that holds a backup; empty if nowhere
     */
    record Trail(boolean reached, Optional<Lsn> ownWay) {}

    /** Reads the clone's own WAL from the backup's start to its latest checkpoint. */
    Trail follow(WalSource clones) {
        try (WalReader reader = open(clones)) {
            reader.seekFirstFrom(backup.startLsn());
            while (reader.next()) {
                Optional<CheckpointRecord> found = CheckpointRecord.find(reader);
                if (found.filter(CheckpointRecord::endsServer).isPresent()) {
                    return new Trail(true, Optional.of(reader.lsn()));
                }
                if (reader.lsn().isAtLeast(control.checkpointLsn())) {
                    return new Trail(found.filter(this::isOurs).isPresent(), Optional.empty());
                }
            }
        }
        return new Trail(false, Optional.empty());
    }
}
