package dev.understudy.provision.preflight;

import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.check.RouteDecision;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.gather.PreflightGatherer;
import dev.understudy.provision.preflight.request.PreflightRequest;
import java.util.List;
import java.util.Set;

/** Looks at everything that would make a later step fail, changes nothing, and says all of it at once. */
public final class Preflight {
    private Preflight() {}

    /** Gathers the facts once and makes every check that the request does not skip. Each wait is limited. */
    public static PreflightReport run(PreflightRequest request) {
        return judge(PreflightGatherer.gather(request), request.skip());
    }

    /** Makes the checks on facts that are there already. */
    public static PreflightReport judge(PreflightFacts facts, Set<String> skip) {
        List<PreflightResult> results = PreflightChecks.all().stream()
                .map(check -> skip.contains(check.id()) ? PreflightResult.notWanted(check.id()) : check.examine(facts))
                .toList();
        return new PreflightReport(results, RouteDecision.of(facts), facts);
    }
}
