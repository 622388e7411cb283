package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.route.RouteDecision;

/** A check that the files can come over the route that the plan names, or that one is found for {@code auto}. */
@CheckInfo(id = "route", summary = "The data directory's files can be had over the route")
public final class RouteCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        RouteDecision decision = facts.route();
        if (decision.obstacle().isPresent()) {
            return fail(
                            "the route \"%s\" cannot be taken: %s",
                            decision.route().printed(), decision.obstacle().get())
                    .hint("Choose via: auto, or via: sql, which needs no shell on the primary.");
        }
        boolean shell = decision.route() == Route.LOCAL || decision.route() == Route.SSH;
        PreflightResult result =
                pass("the route is \"%s\" because %s", decision.route().printed(), decision.reason());
        return shell ? result.seen("the files of the data directory can be read", "test -r on its files") : result;
    }
}
