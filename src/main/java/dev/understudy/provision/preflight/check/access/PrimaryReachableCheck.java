package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that somebody answers at the primary's address and lets us in. */
@CheckInfo(id = "primary-reachable", summary = "The primary answers and lets us log in")
public final class PrimaryReachableCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(this::reached, this::refused);
    }

    private PreflightResult reached(ServerSurvey primary) {
        return pass(
                        "logged in to the server %s as role \"%s\"",
                        primary.identity().endpoint(), primary.role().name())
                .seen(
                        "PostgreSQL " + primary.identity().version() + ", system identifier "
                                + primary.identity().systemIdentifier(),
                        "server_version_num, pg_control_system()");
    }

    private PreflightResult refused(String reason) {
        return fail("cannot look at the primary: %s", reason)
                .hint("Try the same connection string with psql from this machine; every other check of the primary"
                        + " waits for this one.");
    }
}
