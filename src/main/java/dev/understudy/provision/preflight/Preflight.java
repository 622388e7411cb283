package dev.understudy.provision.preflight;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.gather.PreflightGatherer;
import dev.understudy.provision.preflight.request.PreflightRequest;
import java.util.List;
import java.util.Set;

/** Looks at everything that would make a later step fail, changes nothing, and says all of it at once. */
public final class Preflight {
    private Preflight() {}

    /**
     * Gathers the facts once and makes every check that the request does not skip. Each wait is limited.
     *
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} for an id to skip that no check has
     */
    public static PreflightReport run(PreflightRequest request) {
        requireKnown(request.skip());
        return judge(PreflightGatherer.gather(request), request.skip());
    }

    /** Makes the checks on facts that are there already. */
    public static PreflightReport judge(PreflightFacts facts, Set<String> skip) {
        List<PreflightResult> results = PreflightChecks.all().stream()
                .map(check -> skip.contains(check.id()) ? PreflightResult.notWanted(check.id()) : check.examine(facts))
                .toList();
        return new PreflightReport(results, facts.route(), facts);
    }

    /** A misspelt id would let the check through unnoticed. */
    private static void requireKnown(Set<String> skip) {
        List<String> ids =
                PreflightChecks.all().stream().map(PreflightCheck::id).toList();
        for (String id : skip) {
            if (!ids.contains(id)) {
                throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "there is no preflight check \"%s\" to skip", id)
                        .hint("The checks are %s.", String.join(", ", ids))
                        .build();
            }
        }
    }
}
