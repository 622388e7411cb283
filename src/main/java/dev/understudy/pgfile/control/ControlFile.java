package dev.understudy.pgfile.control;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.Optional;

/**
 * The contents of {@code global/pg_control}. Every field is as in the file, so one from a damaged file, read leniently,
 * may hold anything; {@link ControlFileReader#read} gives only checked ones.
 *
 * <p>Source: {@code ControlFileData} in {@code src/include/catalog/pg_control.h}.
 *
 * @param major the major version that wrote the file, told by the two version numbers
 * @param systemIdentifier the cluster's number
 * @param controlVersion version of the file's layout
 * @param catalogVersion version of the system catalogs
 * @param state what the cluster was doing
 * @param epochSeconds when the file was last written, in seconds since 1970, UTC
 * @param checkpointLsn location of the latest checkpoint record
 * @param checkpoint copy of that record
 * @param unloggedLsn counter of fake LSNs for unlogged relations
 * @param minRecoveryPoint replay must come at least this far; 0/0 if it need not
 * @param minRecoveryTimeline the timeline of {@code minRecoveryPoint}; 0 if that is 0/0
 * @param backupStartPoint redo location of the backup being recovered from, until its end is reached; else 0/0
 * @param backupEndPoint end of a backup taken from a standby, until it is reached; else 0/0
 * @param backupEndRequired whether an end-of-backup record must still be seen
 * @param settings settings that a standby's must not be lower than
 * @param sizes what the server was built with
 * @param nonce mock authentication nonce in hexadecimal; empty before 10
 * @param signedChars whether the machine's chars are signed, kept from 18; true before
 * @param crcOk whether the file matches its checksum
 */
public record ControlFile(
        ServerMajor major,
        SystemIdentifier systemIdentifier,
        int controlVersion,
        int catalogVersion,
        ClusterState state,
        long epochSeconds,
        Lsn checkpointLsn,
        Checkpoint checkpoint,
        Lsn unloggedLsn,
        Lsn minRecoveryPoint,
        int minRecoveryTimeline,
        Lsn backupStartPoint,
        Lsn backupEndPoint,
        boolean backupEndRequired,
        ControlSettings settings,
        ControlSizes sizes,
        String nonce,
        boolean signedChars,
        boolean crcOk) {

    /**
     * The checkpoint location of a sealed file. No checkpoint record can lie there: 0/DEAD is in the very first segment,
     * which initdb never writes to and no server keeps.
     */
    public static final Lsn SEALED_CHECKPOINT = new Lsn(0xDEAD);

    /** Whether the file is sealed: a server refuses to start from it unless a backup_label tells it where to begin. */
    public boolean isSealed() {
        return checkpointLsn.equals(SEALED_CHECKPOINT);
    }

    public Lsn redoLsn() {
        return checkpoint.redoLsn();
    }

    /** The timeline of the latest checkpoint. */
    public TimelineId timeline() {
        return checkpoint.timelineId();
    }

    /** The timeline of {@link #minRecoveryPoint}; empty if there is no such point. */
    public Optional<TimelineId> minRecoveryTimelineId() {
        return minRecoveryTimeline == 0 ? Optional.empty() : Optional.of(new TimelineId(minRecoveryTimeline));
    }

    /** The segment size; throws if the field of a leniently read file is not one. */
    public WalSegmentSize walSegmentSize() {
        return new WalSegmentSize(sizes.walSegmentBytes());
    }

    /** The WAL segment that holds the latest checkpoint's redo location; empty if the fields do not name one. */
    public Optional<WalSegment> redoSegment() {
        if (!WalSegmentSize.isValid(sizes.walSegmentBytes()) || checkpoint.timeline() == 0) {
            return Optional.empty();
        }
        return Optional.of(WalSegment.containing(timeline(), redoLsn(), walSegmentSize()));
    }
}
