package dev.understudy.provision.standby;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;

/**
 * The timeline that a standby has replayed up to its minimum recovery point: the one of its backup, or one that left it
 * at or after the backup's end, as when the primary was replaced meanwhile. On any other the standby has replayed WAL
 * that its backup knows nothing of.
 *
 * @param directory the standby's data directory
 * @param backup the timeline that the backup was taken on
 * @param stop the backup's stop location
 */
record ReplayTimeline(TargetDirectory directory, TimelineId backup, Lsn stop) {
    /**
     * The timeline, if it is the right one.
     *
     * @param control the standby's pg_control
     * @throws UnderstudyException {@link ErrorCode#NOT_PROVEN} if it is not
     */
    TimelineId require(ControlFile control) {
        if (control.minRecoveryTimeline() == 0) {
            throw Proof.refuted("pg_control names no timeline for its minimum recovery point");
        }
        TimelineId replayed = new TimelineId(control.minRecoveryTimeline());
        if (!history(replayed, control).continuesFrom(backup, stop)) {
            throw Proof.refuted(
                    "the standby has replayed timeline %s, which is not the backup's, %s, and did not leave it"
                                    .formatted(replayed, backup)
                            + " at or after the stop location " + stop);
        }
        return replayed;
    }

    private TimelineHistory history(TimelineId timeline, ControlFile control) {
        return directory
                .find(WalDirectory.of(control.major()) + "/" + TimelineHistory.fileName(timeline))
                .map(file -> TimelineHistory.parse(timeline, file))
                .orElse(TimelineHistory.without(timeline));
    }
}
