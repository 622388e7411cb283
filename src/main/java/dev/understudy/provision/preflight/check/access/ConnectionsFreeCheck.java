package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.Route;
import dev.understudy.server.survey.RoleSurvey;
import dev.understudy.server.survey.ServerSurvey;

/** A check that the primary has connections left for the run: a session for the backup, one to watch, and one a worker where files come by SQL. */
@CheckInfo(id = "connections-free", summary = "Enough connections are left for the run's sessions")
public final class ConnectionsFreeCheck implements PreflightCheck {
    /** The backup's session, its heartbeat, the watch over the slot. */
    private static final int SESSIONS = 3;

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        boolean sql = facts.route().route() == Route.SQL;
        int needed = SESSIONS + (sql ? facts.intent().workers() : 0);
        RoleSurvey role = primary.role();
        long most = primary.settings().number("max_connections").orElse(100L);
        long reserved = role.superuser()
                ? 0
                : primary.settings().number("superuser_reserved_connections").orElse(3L)
                        + primary.settings().number("reserved_connections").orElse(0L);
        long free = most - reserved - role.allConnections();
        if (role.connectionLimit() >= 0 && role.connectionLimit() - role.ownConnections() < Math.min(needed, free)) {
            return fail(
                            "role \"%s\" may have %d connections, has %d, and the run needs %d more",
                            role.name(), role.connectionLimit(), role.ownConnections(), needed)
                    .seen("rolconnlimit = " + role.connectionLimit(), "pg_roles")
                    .hint("ALTER ROLE \"%s\" CONNECTION LIMIT -1;", role.name());
        }
        if (free < needed) {
            return fail("%d of %d connections are free on the primary, and the run needs %d", free, most, needed)
                    .seen("%d in use, %d reserved".formatted(role.allConnections(), reserved), "pg_stat_activity")
                    .hint("Use fewer workers, end idle connections, or raise max_connections (needs a restart).");
        }
        return pass("%d connections are free on the primary, the run needs %d", free, needed);
    }
}
