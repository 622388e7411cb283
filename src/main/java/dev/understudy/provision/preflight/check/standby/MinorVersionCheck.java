package dev.understudy.provision.preflight.check.standby;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;

/** A check that the standby's programs are not of an older minor version: standbys are upgraded before their primary, since new minors may write WAL that older ones replay wrongly. */
@CheckInfo(id = "minor-version", summary = "The standby's minor version is not older than the primary's")
public final class MinorVersionCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary -> facts.target()
                                .flatMap(target -> target.installation())
                                .match(found -> judge(primary, found), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary, InstallationFacts found) {
        if (!found.version().major().equals(primary.identity().version().major())) {
            return skipped("the major versions differ");
        }
        if (found.version().compareTo(primary.identity().version()) < 0) {
            return warn(
                            "the standby's PostgreSQL %s is older than the primary's %s",
                            found.version(), primary.identity().version())
                    .seen("postgres --version says " + found.version(), found.binDirectory() + "/postgres")
                    .hint(
                            "Upgrade the standby's packages first: fixes in WAL replay take effect where WAL is replayed.");
        }
        return pass(
                "the standby's PostgreSQL is %s, the primary's %s",
                found.version(), primary.identity().version());
    }
}
