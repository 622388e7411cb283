package dev.understudy.doctor;

import java.util.List;
import java.util.Map;

/** The rows of {@link Causes}: a cause, and what follows from it. A cause stands before what follows from it. */
final class CauseRows {
    static final List<Map.Entry<String, List<String>>> ROWS = List.of(
            row("data-directory-permissions", "control-file-corrupt", "not-started", "crash-loop"),
            row("control-file-corrupt", "not-started", "crash-loop"),
            row(
                    "major-version-mismatch",
                    "not-started",
                    "crash-loop",
                    "system-identifier-mismatch",
                    "slot-missing",
                    "timeline-diverged",
                    "standby-ahead-of-primary"),
            row("disk-full", "not-started", "crash-loop", "archive-command-failing", "wal-corrupt"),
            row("recovery-conf-on-12", "not-started", "crash-loop", "backup-label-without-signal"),
            row("signal-files-conflict", "ran-as-primary"),
            row("clone-unsealed", "backup-label-missing", "not-started", "crash-loop", "postmaster-pid-stale"),
            row("postmaster-pid-stale", "not-started"),
            row("port-in-use", "not-started"),
            row("shared-memory-conflict", "not-started"),
            row("library-missing", "not-started", "crash-loop"),
            row("tablespace-link-missing", "not-started", "crash-loop"),
            row("tablespace-link-foreign", "page-corrupt"),
            row("backup-label-without-signal", "ran-as-primary", "not-started"),
            row(
                    "ran-as-primary",
                    "timeline-diverged",
                    "standby-ahead-of-primary",
                    "wal-foreign",
                    "crash-loop",
                    "not-started"),
            row(
                    "system-identifier-mismatch",
                    "wal-foreign",
                    "crash-loop",
                    "backup-aborted",
                    "slot-missing",
                    "timeline-diverged",
                    "standby-ahead-of-primary",
                    "wal-segment-removed"),
            row("backup-label-missing", "page-corrupt", "crash-loop", "not-started"),
            row("backup-label-foreign", "not-started", "crash-loop"),
            row("backup-never-stopped", "crash-loop"),
            row("backup-aborted", "not-started", "crash-loop", "backup-label-stale"),
            row("parameters-too-low", "not-started", "crash-loop", "replay-paused"),
            row("recovery-target-left", "replay-paused", "not-started", "crash-loop"),
            row("hot-standby-off", "recovery-snapshot-not-ready"),
            row("conninfo-invalid", "primary-unreachable", "record-split-across-segments", "crash-loop"),
            row("primary-host-unresolved", "primary-unreachable", "record-split-across-segments", "crash-loop"),
            row("role-missing", "password-wrong", "record-split-across-segments", "crash-loop"),
            row("role-not-replication", "record-split-across-segments", "crash-loop"),
            row("password-missing", "password-wrong", "record-split-across-segments", "crash-loop"),
            row("password-wrong", "record-split-across-segments", "crash-loop"),
            row("tls-mismatch", "hba-rejects", "record-split-across-segments", "crash-loop"),
            row("hba-rejects", "record-split-across-segments", "crash-loop"),
            row("primary-unreachable", "record-split-across-segments", "crash-loop", "replication-timeout-loop"),
            row(
                    "slot-idle-timeout",
                    "slot-lost",
                    "slot-wal-removed",
                    "wal-segment-removed",
                    "crash-loop",
                    "archive-gap"),
            row(
                    "slot-lost",
                    "slot-wal-removed",
                    "wal-segment-removed",
                    "archive-gap",
                    "crash-loop",
                    "slot-inactive-retaining",
                    "synchronized-standby-slots-blocked"),
            row(
                    "slot-wal-removed",
                    "wal-segment-removed",
                    "archive-gap",
                    "slot-inactive-retaining",
                    "crash-loop",
                    "slot-name-taken"),
            row("slot-missing", "wal-segment-removed", "crash-loop", "synchronized-standby-slots-blocked"),
            row("slot-shared", "slot-name-taken", "crash-loop"),
            row("unexpected-sender", "standby-ahead-of-primary", "timeline-diverged", "timeline-not-a-child"),
            row(
                    "timeline-diverged",
                    "timeline-not-a-child",
                    "standby-ahead-of-primary",
                    "timeline-history-missing",
                    "crash-loop",
                    "wal-corrupt",
                    "wal-segment-removed"),
            row(
                    "restore-command-always-succeeds",
                    "restore-command-failing",
                    "restore-command-empty-file",
                    "timeline-history-missing",
                    "crash-loop"),
            row("timeline-history-missing", "timeline-not-a-child", "crash-loop", "not-started"),
            row("timeline-not-a-child", "crash-loop", "not-started"),
            row("standby-ahead-of-primary", "crash-loop"),
            row("archive-command-failing", "archive-gap", "record-split-across-segments"),
            row("archive-foreign-segment", "wal-foreign", "wal-corrupt", "crash-loop", "restore-command-empty-file"),
            row("restore-command-empty-file", "restore-command-failing", "crash-loop"),
            row("wal-segment-removed", "record-split-across-segments", "crash-loop", "replication-timeout-loop"),
            row("wal-corrupt", "wal-foreign", "crash-loop", "not-started"),
            row("record-split-across-segments", "crash-loop"),
            row("restore-command-failing", "crash-loop", "not-started"),
            row("page-corrupt", "crash-loop", "not-started"),
            row("replication-timeout-loop", "crash-loop"),
            row("crash-loop", "not-started"),
            row("not-started", "slot-inactive-retaining", "hot-standby-feedback-bloat"),
            row("slot-inactive-retaining", "hot-standby-feedback-bloat"));

    private CauseRows() {}

    private static Map.Entry<String, List<String>> row(String cause, String... consequences) {
        return Map.entry(cause, List.of(consequences));
    }
}
