package dev.understudy.provision.preflight.check.primary;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that nobody left an exclusive backup open (up to PostgreSQL 14): its backup_label is in the data directory, would come along with copies made by others, and stops the primary from restarting after a crash. */
@CheckInfo(id = "exclusive-backup", summary = "No exclusive backup was left open on the primary")
public final class ExclusiveBackupCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        if (primary.identity().version().major().isAtLeast(ServerMajor.V15)) {
            return pass(
                    "PostgreSQL %s has no exclusive backups",
                    primary.identity().version().major());
        }
        return primary.backups()
                .exclusiveSince()
                .match(since -> since.isEmpty() ? pass("no exclusive backup is open") : open(since), this::skipped);
    }

    private PreflightResult open(String since) {
        return fail("an exclusive backup has been open on the primary since %s", since)
                .seen("pg_is_in_backup() is true, started " + since, "pg_backup_start_time()")
                .hint("If the backup tool that started it is gone, end it on the primary: SELECT pg_stop_backup();")
                .hint(
                        "If it still copies, wait for it: a standby built meanwhile is not affected, but a crash now would"
                                + " keep the primary from starting again.");
    }
}
