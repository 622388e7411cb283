package dev.understudy.provision.seal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.control.PostmasterFile;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells from a directory's pg_control and postmaster.pid whether it can be a clone taken during a backup on which no server
 * has worked since. A server that starts in a clone leaves a state, a checkpoint or a time of its own: the state that
 * recovery sets at once, the checkpoint that ends it, the postmaster's time of start.
 *
 * <p>Source: {@code StartupXLOG} in {@code src/backend/access/transam/xlog.c}; {@code CreateLockFile} in {@code miscinit.c}.
 */
final class CloneOrigin {
    /** Between the file's time and the server's own word for the same start. */
    private static final int CLOCK_SECONDS = 2;

    private final CloneBackup backup;
    private final String directory;

    /** @param directory how people name it */
    CloneOrigin(CloneBackup backup, String directory) {
        this.backup = backup;
        this.directory = directory;
    }

    /**
     * Refuses what cannot be an untouched clone of the backup.
     *
     * @return why it is one; empty if what is here cannot tell, and its latest checkpoint has to be looked for in the WAL
     * @throws UnderstudyException {@link ErrorCode#NOT_A_CLONE} for another cluster or another time, {@link
     *     ErrorCode#CLONE_RAN} if a server has worked on it
     */
    Optional<String> judge(ControlFile control, Optional<PostmasterFile> postmaster) {
        requireCluster(control);
        requireTimeline(control);
        requireState(control);
        requireTime(control);
        postmaster.ifPresentOrElse(this::requireSource, this::requireNoPostmaster);
        if (control.checkpointLsn().equals(backup.label().checkpointLsn())) {
            return Optional.of("its latest checkpoint, %s, is the one that the backup started with"
                    .formatted(control.checkpointLsn()));
        }
        return backup.checkpoints().stream()
                .filter(seen -> seen.isThatOf(control))
                .findFirst()
                .map(seen ->
                        "its latest checkpoint, %s, was seen on the source during the backup".formatted(seen.lsn()));
    }

    void requireCluster(ControlFile control) {
        if (!control.systemIdentifier().equals(backup.systemIdentifier())) {
            throw UnderstudyException.of(
                            ErrorCode.NOT_A_CLONE,
                            "\"%s\" is no clone of that backup: another database cluster",
                            directory)
                    .detail(
                            "Its system identifier is %s, the backup's is %s.",
                            control.systemIdentifier(), backup.systemIdentifier())
                    .build();
        }
    }

    private void requireTimeline(ControlFile control) {
        int order = control.timeline().compareTo(backup.timeline());
        if (order > 0) {
            throw ran(
                    "It is on timeline %s, the backup on timeline %s: it was promoted."
                            .formatted(control.timeline(), backup.timeline()),
                    Optional.empty());
        }
        if (order < 0) {
            throw otherTime("It is on timeline %s, the backup on timeline %s."
                    .formatted(control.timeline(), backup.timeline()));
        }
    }

    private void requireState(ControlFile control) {
        ClusterState expected = backup.onStandby() ? ClusterState.IN_ARCHIVE_RECOVERY : ClusterState.IN_PRODUCTION;
        if (control.state() != expected) {
            throw ran(
                    "pg_control says \"%s\"; the source was %s during the whole backup."
                            .formatted(control.state(), expected.words()),
                    checkpointOf(control));
        }
        if (!control.backupStartPoint().isInvalid()) {
            throw ran(
                    "pg_control says that it recovers from a backup that started at %s."
                            .formatted(control.backupStartPoint()),
                    Optional.empty());
        }
    }

    private static Optional<Lsn> checkpointOf(ControlFile control) {
        return control.state() == ClusterState.IN_CRASH_RECOVERY
                ? Optional.empty()
                : Optional.of(control.checkpointLsn());
    }

    private void requireTime(ControlFile control) {
        if (control.redoLsn().isBefore(backup.startLsn())) {
            throw otherTime("Its latest checkpoint begins at %s, before the backup's start at %s."
                    .formatted(control.redoLsn(), backup.startLsn()));
        }
        if (!control.checkpointLsn().isBefore(backup.stopLsn())) {
            throw ran(
                    "Its latest checkpoint lies at %s, behind the backup's end %s; or it was cloned after the end."
                            .formatted(control.checkpointLsn(), backup.stopLsn()),
                    Optional.of(control.checkpointLsn()));
        }
        if (backup.stopLsn().isBefore(control.minRecoveryPoint())) {
            throw ran(
                    "Its minimum recovery point is %s, behind the backup's end %s."
                            .formatted(control.minRecoveryPoint(), backup.stopLsn()),
                    Optional.of(control.minRecoveryPoint()));
        }
    }

    /** A server that starts in a clone starts later than its source; how much earlier the file was made does not matter. */
    private void requireSource(PostmasterFile postmaster) {
        if (postmaster.startSeconds() > backup.serverStartedAt().getEpochSecond() + CLOCK_SECONDS) {
            throw ran(
                    "Its postmaster.pid is of a server that was started at %s; the source's was started at %s."
                            .formatted(Instant.ofEpochSecond(postmaster.startSeconds()), backup.serverStartedAt()),
                    Optional.empty());
        }
    }

    /** A standby's clone that is started as it is goes on replaying; only this file tells it from an untouched one. */
    private void requireNoPostmaster() {
        if (backup.onStandby()) {
            throw unproven("It has no postmaster.pid, which a snapshot of a running standby has.");
        }
    }

    /** The refusal of a directory of which nothing tells whether a server has worked on it. */
    UnderstudyException unproven(String detail) {
        return UnderstudyException.of(
                        ErrorCode.CLONE_UNPROVEN,
                        "cannot tell whether a server has run in \"%s\" since it was cloned",
                        directory)
                .detail("%s", detail)
                .hint("Say with --primary how the source is reached, whose WAL tells; or clone again.")
                .build();
    }

    UnderstudyException sealedForAnother(BackupLabel found) {
        return UnderstudyException.of(ErrorCode.NOT_A_CLONE, "\"%s\" is sealed for another backup", directory)
                .detail(
                        "Its label is \"%s\", the backup's is \"%s\".",
                        found.label(), backup.label().label())
                .build();
    }

    private UnderstudyException otherTime(String detail) {
        return UnderstudyException.of(ErrorCode.NOT_A_CLONE, "\"%s\" was not cloned during that backup", directory)
                .detail("%s", detail)
                .hint("Take the snapshot between the backup's start and its end, and seal that clone.")
                .build();
    }

    /**
     * The refusal of a clone that a server has worked on.
     *
     * @param at up to where its WAL is the source's at most
     */
    UnderstudyException ran(String detail, Optional<Lsn> at) {
        return UnderstudyException.of(
                        ErrorCode.CLONE_RAN,
                        "a server has run in \"%s\" since it was cloned%s",
                        directory,
                        at.map(lsn -> ": it went its own way at %s".formatted(lsn))
                                .orElse(""))
                .detail("%s", detail)
                .hint(
                        "It can never become a right standby. Clone again, and seal the clone before a server starts in it.")
                .build();
    }
}
