package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Set;

/** A check that the WAL carries what a standby needs: wal_level replica or logical. */
@CheckInfo(id = "wal-level", summary = "wal_level lets a standby follow")
public final class WalLevelCheck implements PreflightCheck {
    /** {@code archive} and {@code hot_standby} are what 9.5 called it; 9.6 still takes the words. */
    private static final Set<String> ENOUGH = Set.of("replica", "logical", "hot_standby");

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        String level = primary.settings().text("wal_level");
        if (ENOUGH.contains(level)) {
            return pass("wal_level is %s", level);
        }
        return fail("wal_level is %s on the primary; a backup and a standby need replica or logical", level)
                .seen("wal_level = " + level, "pg_settings")
                .hint("On the primary run: ALTER SYSTEM SET wal_level = replica; then restart it.");
    }
}
