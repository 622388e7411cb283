package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check whether pages carry checksums; without them a damaged page is copied unseen. */
@CheckInfo(id = "data-checksums", summary = "The primary has data checksums, so every page can be checked in flight")
public final class DataChecksumsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::judge, this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary) {
        String value = primary.settings().text("data_checksums");
        if (value.equals("on")) {
            return pass("data checksums are on: every page is checked while it is copied");
        }
        if (value.isEmpty()) {
            return skipped("the setting data_checksums cannot be read");
        }
        return warn("data checksums are %s: a damaged page of the primary would be copied unseen", value)
                .seen("data_checksums = " + value, "pg_settings")
                .hint(
                        "They can be switched on while the server is down (pg_checksums --enable, PostgreSQL 12 and newer).");
    }
}
