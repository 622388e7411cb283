package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.BackupEndFacts;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.WalEndReason;
import dev.understudy.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A standby whose recovery waits for the end of its backup, and whether that can still come.
 *
 * @param startLsn the backup's start
 * @param label the label that recovery began with; empty if none can be read
 * @param control pg_control; empty while recovery has not begun, so that only the label tells
 * @param search the search for the end in the WAL at hand
 * @param primary the primary, if it let us in
 * @param streamed what says that the standby came to stream: its log, or the title of its WAL receiver
 */
record OpenBackup(
        Lsn startLsn,
        Optional<BackupLabel> label,
        ControlFile control,
        Optional<BackupEndFacts> search,
        Optional<ServerView> primary,
        Optional<Sign> streamed) {
    /** WAL is received in pieces that need not end where a record does. */
    private static final int WAL_PAGE_BYTES = 8192;

    private static final String EXCLUSIVE = "pg_start_backup";

    /** What is to come of the backup. */
    enum Fate {
        /** Its end is in the WAL at hand: recovery only has to come to it. */
        ENDED,
        /** Somebody still holds it open. */
        OPEN,
        /** Nobody can end it any more. */
        ABORTED,
        /** The evidence does not tell. */
        UNDECIDED
    }

    /** Empty unless the standby waits for the end of a backup of a primary. */
    static Optional<OpenBackup> of(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        Optional<ControlFile> control =
                directory.flatMap(found -> found.control().value());
        if (control.isEmpty() || control.get().backupStartPoint().isInvalid()) {
            return Optional.empty();
        }
        if (!control.get().backupEndPoint().isInvalid()) {
            // Taken from a standby: pg_control itself says where it ends, and no record is waited for.
            return Optional.empty();
        }
        return Optional.of(new OpenBackup(
                control.get().backupStartPoint(),
                directory
                        .get()
                        .label()
                        .filter(found -> found.startLsn().equals(control.get().backupStartPoint())),
                control.get(),
                directory.get().backupEnd().value(),
                View.primary(facts)
                        .filter(view -> view.identity()
                                .systemIdentifier()
                                .equals(control.get().systemIdentifier()))
                        .filter(view -> !view.identity().inRecovery()),
                View.event(facts, "streaming")
                        .map(event -> View.sign(facts, event))
                        .or(() -> receiver(directory.get()))));
    }

    private static Optional<Sign> receiver(DirectoryFacts directory) {
        return directory
                .process()
                .value()
                .flatMap(found -> found)
                .flatMap(ServerProcess::streamedTo)
                .map(lsn -> new Sign("title of the standby's WAL receiver", "streaming " + lsn));
    }

    Fate fate() {
        if (search.flatMap(BackupEndFacts::found).isPresent()) {
            return Fate.ENDED;
        }
        if (!shutdowns().isEmpty()) {
            return Fate.ABORTED;
        }
        return primary.map(this::fateByPrimary).orElseGet(this::fateByWal);
    }

    /** An exclusive backup belongs to the server and survives sessions; any other lives in a session only. */
    boolean isExclusive() {
        return label.map(found -> found.method().equals(EXCLUSIVE)).orElse(!control.backupEndRequired());
    }

    private Fate fateByPrimary(ServerView view) {
        if (isHeldOpen(view)) {
            return Fate.OPEN;
        }
        // Not held any more: if its end were written, it would be in the WAL that the primary has written by now.
        return view.end().map(this::isReadTo).orElse(false) ? Fate.ABORTED : Fate.UNDECIDED;
    }

    private boolean isHeldOpen(ServerView view) {
        if (isExclusive()) {
            return view.exclusiveBackup()
                    .value()
                    .flatMap(found -> found)
                    .map(this::isOurs)
                    .orElse(false);
        }
        return !view.backupSessions().orElse(List.of()).isEmpty();
    }

    /** The text is empty where the role may not read it; the method has told that an exclusive backup is meant. */
    private boolean isOurs(String text) {
        if (text.isEmpty()) {
            return true;
        }
        try {
            return BackupLabel.parse(text.getBytes(StandardCharsets.UTF_8))
                    .startLsn()
                    .equals(startLsn);
        } catch (UnderstudyException e) {
            // A label that cannot be read is nobody's evidence.
            return false;
        }
    }

    /** Whether the WAL at hand was read to a location, but for the page that is being received. */
    private boolean isReadTo(Lsn end) {
        return search.filter(found -> found.end().reason().isOrdinary()
                        && found.end().reason() != WalEndReason.LIMIT
                        && end.minus(found.end().lsn()) < WAL_PAGE_BYTES)
                .isPresent();
    }

    /**
     * Without the primary. An exclusive backup ends in one of two ways, and both are in the WAL: by pg_stop_backup(), or
     * cancelled when the primary is shut down. The label of any other backup is handed out when it is stopped, so that
     * its end is in the WAL by then; where a standby streams what came later and the end is not there, nobody stopped it.
     */
    private Fate fateByWal() {
        if (search.isEmpty() || search.get().end().reason() == WalEndReason.LIMIT) {
            return Fate.UNDECIDED;
        }
        if (isExclusive()) {
            return Fate.OPEN;
        }
        return streamed.isPresent() ? Fate.ABORTED : Fate.UNDECIDED;
    }

    private List<Lsn> shutdowns() {
        return search.map(BackupEndFacts::shutdownCheckpoints).orElse(List.of());
    }

    /** What both rules show. */
    Finding.Builder evidence(Finding.Builder finding) {
        finding.seen(
                "pg_control",
                "Backup start location %s, End-of-backup record required: %s, state \"%s\""
                        .formatted(
                                startLsn,
                                control.backupEndRequired() ? "yes" : "no",
                                control.state().words()));
        label.ifPresent(found -> finding.seen(
                "backup_label",
                "BACKUP METHOD: %s, LABEL: %s, started %s"
                        .formatted(found.method(), found.label(), found.startTime())));
        search.ifPresent(found -> finding.seen(
                "WAL",
                found.found()
                        .map(end -> "BACKUP_END for start " + startLsn + " ends at " + end)
                        .orElse("no BACKUP_END for start %s up to %s"
                                .formatted(startLsn, found.end().lsn()))));
        shutdowns().stream()
                .findFirst()
                .ifPresent(lsn ->
                        finding.seen("WAL", "the primary was shut down at " + lsn + ", which cancels every backup"));
        return finding;
    }
}
