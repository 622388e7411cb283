package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import java.util.List;

/** A check for other backups that run: they share disk and network with the copy. */
@CheckInfo(id = "other-backups", summary = "No other backup is running on the primary")
public final class OtherBackupsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().flatMap(primary -> primary.backups().running()).match(this::judge, this::skipped);
    }

    private PreflightResult judge(List<String> running) {
        if (running.isEmpty()) {
            return pass("no other backup is running");
        }
        PreflightResult result = warn(
                "%d other backup%s running; the copy shares disk and network with %s",
                running.size(), running.size() == 1 ? " is" : "s are", running.size() == 1 ? "it" : "them");
        for (String each : running) {
            result = result.seen(each, "pg_stat_replication, pg_stat_progress_basebackup");
        }
        return result.hint("Backups do not harm each other; give a rate_limit if the primary feels it.");
    }
}
