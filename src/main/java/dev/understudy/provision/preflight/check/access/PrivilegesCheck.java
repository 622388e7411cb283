package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrivilegeFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.List;

/** A check that the role has every privilege that the chosen route needs, and names the statement for each it lacks. */
@CheckInfo(id = "privileges", summary = "The role has every privilege that the route needs")
public final class PrivilegesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        return facts.missingPrivileges()
                .match(missing -> judge(facts, primary, missing), reason -> skipped("privileges not known: " + reason));
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, List<PrivilegeFacts> missing) {
        String role = primary.role().name();
        String route = facts.route().route().printed();
        if (missing.isEmpty()) {
            return primary.role().superuser()
                    ? pass("role \"%s\" is a superuser", role)
                    : pass("role \"%s\" has every privilege that the route \"%s\" needs", role, route);
        }
        PreflightResult result = fail(
                "role \"%s\" lacks %d privilege%s that the route \"%s\" needs",
                role, missing.size(), missing.size() == 1 ? "" : "s", route);
        for (PrivilegeFacts each : missing) {
            result = result.seen("missing: " + each.purpose(), each.grant());
        }
        return result.hint("Run these statements on the primary as a superuser, in the database \"postgres\" or the one"
                        + " that the connection string names; together they are enough, nothing more is needed.")
                .grants(missing.stream().map(PrivilegeFacts::grant).distinct().toList());
    }
}
