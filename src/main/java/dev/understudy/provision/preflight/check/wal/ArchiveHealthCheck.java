package dev.understudy.provision.preflight.check.wal;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.server.facts.ReplicationFacts.Archiver;
import dev.understudy.server.survey.ServerSurvey;
import java.time.Instant;

/** A check of the primary's archiver: stopping a backup waits until the last segment is archived, so a failing archive_command keeps it waiting for ever. */
@CheckInfo(id = "archive-health", summary = "The primary's archiver works, or there is none to wait for")
public final class ArchiveHealthCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        String mode = primary.settings().text("archive_mode");
        boolean needed = facts.intent().walWay() == WalWay.ARCHIVE;
        if (mode.equals("off")) {
            return needed
                    ? fail("the standby is to take its WAL from an archive, and archive_mode is off on the primary")
                            .seen("archive_mode = off", "pg_settings")
                            .hint("Use wal: slot or wal: stream; or set up archiving (archive_mode needs a restart).")
                    : pass("archive_mode is off: stopping the backup waits for no archiver");
        }
        String command = primary.settings().text("archive_command");
        boolean without = primary.settings().text("archive_library").isEmpty()
                && (command.isEmpty() || command.equals("(disabled)"));
        if (without && primary.settings().get("archive_command").isPresent()) {
            return without(needed, mode);
        }
        return primary.wal().archiver().match(archiver -> judge(primary, needed, archiver), this::skipped);
    }

    private PreflightResult without(boolean needed, String mode) {
        String summary =
                "archive_mode is %s and archive_command is empty: WAL piles up on the primary, and stopping the"
                        + " backup would wait for ever";
        PreflightResult result = needed ? fail(summary, mode) : warn(summary, mode);
        return result.seen("archive_command is empty", "pg_settings")
                .hint(
                        "Give it a command: ALTER SYSTEM SET archive_command = '…'; SELECT pg_reload_conf(); or '/bin/true'"
                                + " if nothing is to be archived.");
    }

    private PreflightResult judge(ServerSurvey primary, boolean needed, Archiver archiver) {
        if (!archiver.isFailing()) {
            return archiver.lastArchived().isEmpty()
                    ? warn("archiving is on, and nothing has been archived yet")
                            .seen("last_archived_wal is null", "pg_stat_archiver")
                    : pass(
                                    "the archiver works: \"%s\" was its last file",
                                    archiver.lastArchived().get())
                            .seen(
                                    "last archived at "
                                            + archiver.lastArchivedAt().orElse(Instant.EPOCH),
                                    "pg_stat_archiver");
        }
        boolean waits = !primary.identity().version().major().isAtLeast(ServerMajor.V10);
        String meaning = waits
                ? "on 9.6 stopping the backup would wait for it until cancelled"
                : "the backup is stopped without waiting for it where the WAL comes another way";
        String summary = "the primary's archiver fails on \"%s\" (%d failures, the last at %s): %s";
        Object[] arguments = {
            archiver.lastFailed().orElse(""),
            archiver.failed(),
            archiver.lastFailedAt().orElse(Instant.EPOCH).toString(),
            meaning
        };
        boolean fatal = needed || waits;
        PreflightResult result =
                fatal ? fail("%s", String.format(summary, arguments)) : warn("%s", String.format(summary, arguments));
        return result.seen("last_failed_wal is newer than last_archived_wal", "pg_stat_archiver")
                .hint("The primary's log has the command's own message; WAL piles up in pg_wal until it succeeds.");
    }
}
