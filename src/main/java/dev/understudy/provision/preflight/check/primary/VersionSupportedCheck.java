package dev.understudy.provision.preflight.check.primary;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that the source's major version is one whose formats and functions Understudy knows. */
@CheckInfo(id = "version-supported", summary = "The primary's major version is one that Understudy knows")
public final class VersionSupportedCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        ServerMajor major = primary.identity().version().major();
        if (major.isSupported()) {
            return pass("PostgreSQL %s is supported", primary.identity().version());
        }
        return fail(
                        "PostgreSQL %s is not supported: Understudy knows %s to %s",
                        primary.identity().version(), ServerMajor.OLDEST, ServerMajor.NEWEST)
                .seen("server_version " + primary.identity().version(), "pg_settings");
    }
}
