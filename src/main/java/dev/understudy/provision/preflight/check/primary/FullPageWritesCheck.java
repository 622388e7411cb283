package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that full_page_writes is on. A primary forces full pages while a backup runs, a standby cannot make its primary do so. */
@CheckInfo(id = "full-page-writes", summary = "full_page_writes is on at the primary")
public final class FullPageWritesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        if (!primary.settings().isOff("full_page_writes")) {
            return pass("full_page_writes is on");
        }
        if (primary.identity().inRecovery()) {
            return fail("full_page_writes is off, and a backup from a standby cannot force it")
                    .seen("full_page_writes = off", "pg_settings of the standby")
                    .hint(
                            "On the primary run: ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf(); then wait"
                                    + " for the standby's next restartpoint.");
        }
        return warn("full_page_writes is off; the primary forces it while the backup runs, and a crash at any other time"
                        + " can tear pages")
                .seen("full_page_writes = off", "pg_settings")
                .hint("Unless the file system writes whole pages (ZFS), run: ALTER SYSTEM SET full_page_writes = on;"
                        + " SELECT pg_reload_conf();");
    }
}
