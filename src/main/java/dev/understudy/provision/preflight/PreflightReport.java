package dev.understudy.provision.preflight;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.RouteDecision;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the preflight says as a whole.
 *
 * @param results what each check says: fails first, then warnings, passes and what was skipped, each by id
 * @param route the route that the copy takes
 * @param facts what all of it rests on
 */
public record PreflightReport(List<PreflightResult> results, RouteDecision route, PreflightFacts facts) {
    public PreflightReport {
        results = results.stream()
                .sorted(Comparator.comparing(PreflightResult::state).thenComparing(PreflightResult::id))
                .toList();
    }

    public List<PreflightResult> in(CheckState state) {
        return results.stream().filter(result -> result.state() == state).toList();
    }

    public List<PreflightResult> failures() {
        return in(CheckState.FAIL);
    }

    public List<PreflightResult> warnings() {
        return in(CheckState.WARN);
    }

    public boolean passed() {
        return failures().isEmpty();
    }

    public Optional<PreflightResult> find(String id) {
        return results.stream().filter(result -> result.id().equals(id)).findFirst();
    }

    /** The statements that give the role what it lacks, each ready to run. */
    public List<String> grants() {
        return results.stream()
                .flatMap(result -> result.grants().stream())
                .distinct()
                .toList();
    }

    /** {@code 1 failed, 2 warnings, 40 passed, 4 skipped}. */
    public String describe() {
        return "%d failed, %d with a warning, %d passed, %d skipped"
                .formatted(
                        failures().size(),
                        warnings().size(),
                        in(CheckState.PASS).size(),
                        in(CheckState.SKIPPED).size());
    }

    /**
     * This report if no check failed.
     *
     * @throws UnderstudyException {@link ErrorCode#PREFLIGHT_FAILED} otherwise, with every failed check and its hints
     */
    public PreflightReport orThrow() {
        List<PreflightResult> failures = failures();
        if (failures.isEmpty()) {
            return this;
        }
        StringBuilder detail = new StringBuilder();
        for (PreflightResult failure : failures) {
            detail.append(detail.length() == 0 ? "" : "\n\t")
                    .append(failure.id())
                    .append(": ")
                    .append(failure.summary());
        }
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.PREFLIGHT_FAILED,
                        "%d of %d preflight checks failed; nothing was changed",
                        failures.size(),
                        results.size())
                .detail("%s", detail);
        for (PreflightResult failure : failures) {
            failure.hints().forEach(hint -> error.hint("%s: %s", failure.id(), hint));
            failure.grants().forEach(grant -> error.hint("%s: %s", failure.id(), grant));
        }
        throw error.build();
    }
}
