package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.DirectConnection;

/**
 * A check that no connection pooler sits between us and the primary. A backup belongs to the session that started it, so
 * a pooler that lends sessions out a transaction at a time aborts it or stops somebody else's; and no pooler carries
 * replication.
 */
@CheckInfo(id = "direct-connection", summary = "The connection to the primary goes through no connection pooler")
public final class DirectConnectionCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .flatMap(primary -> primary.identity().directConnection())
                .match(this::judge, this::skipped);
    }

    private PreflightResult judge(DirectConnection connection) {
        if (connection.direct()) {
            return pass("the session is the server's own: %s", connection.sign());
        }
        return fail("the connection goes through a connection pooler: %s", connection.sign())
                .hint(
                        "Give the address and port of the PostgreSQL server itself; a backup lives in one server session from"
                                + " start to stop.");
    }
}
