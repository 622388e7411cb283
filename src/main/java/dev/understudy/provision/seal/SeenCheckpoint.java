package dev.understudy.provision.seal;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Lsn;

/**
 * A checkpoint that the backup's server was seen to have while the backup was open.
 *
 * @param lsn of its record
 * @param redoLsn where replay from it starts
 * @param epochSeconds when it was begun, in seconds since 1970, UTC
 */
public record SeenCheckpoint(Lsn lsn, Lsn redoLsn, long epochSeconds) {
    /** Whether the control file's latest checkpoint is this very one. */
    boolean isThatOf(ControlFile control) {
        return lsn.equals(control.checkpointLsn())
                && redoLsn.equals(control.redoLsn())
                && epochSeconds == control.checkpoint().epochSeconds();
    }
}
