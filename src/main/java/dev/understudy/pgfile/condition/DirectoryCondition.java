package dev.understudy.pgfile.condition;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;

/**
 * What a data directory is, as far as its own files tell: a clone that nobody sealed, one whose backup never ended, one that
 * ran as a primary. From the files alone an unsealed clone of a primary cannot be told from a primary that crashed, nor one
 * that ran from any other primary; the bundle of its backup can, see {@code understudy seal}.
 */
public enum DirectoryCondition {
    NOT_A_DATA_DIRECTORY("not-a-data-directory", "no data directory: it has no pg_control", true),
    HALF_BUILT("half-built", "built or sealed half: no server starts from it; whoever began has to go on", true),
    CONTROL_FILE_CORRUPT("control-file-corrupt", "a data directory whose pg_control cannot be read", true),
    SEALED(
            "not-started",
            "a sealed standby that has not been started: its backup_label is there, and no server starts without it",
            false),
    LABEL_MISSING(
            "backup-label-missing",
            "sealed, but without its backup_label or signal file: no server starts from it; seal it again",
            true),
    RUNNING("running", "a server is running in it", false),
    LABEL_WITHOUT_SIGNAL(
            "backup-label-without-signal",
            "an unsealed base backup or clone with a backup_label and no signal file: started as it is it becomes a second"
                    + " primary on the same timeline",
            true),
    BACKUP_NOT_STARTED("not-started", "a base backup that no server has recovered from yet", false),
    BACKUP_NOT_ENDED(
            "backup-never-stopped",
            "a clone or base backup whose recovery waits for the end of its backup: that was aborted or never stopped, or"
                    + " the WAL with its end is still to come; it streams and does not open until then",
            true),
    RAN_AS_PRIMARY(
            "ran-as-primary",
            "a clone or base backup that was opened for writing on its source's own timeline: it ran as a second primary",
            true),
    CLONE_UNSEALED(
            "clone-unsealed",
            "the directory of a server that was running when it was last written: an unsealed clone of it, or it crashed;"
                    + " started as it is a clone becomes a second primary",
            true),
    STANDBY("standby", "a standby that is not running", false),
    PRIMARY("primary", "a primary that is not running", false);

    private final String id;
    private final String words;
    private final boolean finding;

    DirectoryCondition(String id, String words, boolean finding) {
        this.id = id;
        this.words = words;
        this.finding = finding;
    }

    /** The word for scripts; where the doctor has a finding of that kind, that one's id. */
    public String id() {
        return id;
    }

    /** What it is, for people. */
    public String words() {
        return words;
    }

    /** Whether a person has to do something about it. */
    public boolean isFinding() {
        return finding;
    }

    /** What a readable directory is. */
    public static DirectoryCondition of(DirectorySigns signs) {
        if (signs.control().isEmpty()) {
            return signs.pendingControl() ? HALF_BUILT : NOT_A_DATA_DIRECTORY;
        }
        ControlFile control = signs.control().get();
        if (signs.server() == DirectorySigns.Server.RUNNING) {
            return control.backupStartPoint().isInvalid() ? RUNNING : BACKUP_NOT_ENDED;
        }
        if (control.isSealed()) {
            return signs.label().isPresent() && signs.signal() ? SEALED : LABEL_MISSING;
        }
        if (signs.label().isPresent()) {
            return signs.signal() ? BACKUP_NOT_STARTED : LABEL_WITHOUT_SIGNAL;
        }
        if (!control.backupStartPoint().isInvalid()) {
            return BACKUP_NOT_ENDED;
        }
        return stopped(control, signs);
    }

    private static DirectoryCondition stopped(ControlFile control, DirectorySigns signs) {
        boolean recovers = control.state() == ClusterState.IN_ARCHIVE_RECOVERY
                || control.state() == ClusterState.SHUT_DOWN_IN_RECOVERY;
        if (recovers) {
            return signs.server() == DirectorySigns.Server.STALE && !signs.signal() ? CLONE_UNSEALED : STANDBY;
        }
        boolean ownTimeline = signs.oldLabel()
                .map(BackupLabel::startTimeline)
                .filter(control.timeline()::equals)
                .isPresent();
        if (ownTimeline) {
            return RAN_AS_PRIMARY;
        }
        boolean cleanly = control.state() == ClusterState.SHUT_DOWN;
        return cleanly ? PRIMARY : CLONE_UNSEALED;
    }
}
