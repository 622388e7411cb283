package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that the primary flushes what it commits: with fsync = off a crash of its machine can damage it, and every copy made later with it. */
@CheckInfo(id = "fsync", summary = "fsync is on at the primary")
public final class FsyncCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        if (!primary.settings().isOff("fsync")) {
            return pass("fsync is on");
        }
        return warn("fsync is off on the primary, and the standby inherits it: a crash of the machine can damage both")
                .seen("fsync = off", "pg_settings")
                .hint("On the primary run: ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();");
    }
}
