package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.site.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Looks at everything that a rehearsal needs; all of it is looking, so all of it happens in the probe. */
final class CheckRehearsal implements Step {
    static final String ROLE = "rehearsal_role";
    static final String DATABASE = "rehearsal_database";

    private static final String PASSED = "rehearsal_checks";

    private final Site site;
    private final RehearsalWish wish;

    CheckRehearsal(Site site, RehearsalWish wish) {
        this.site = site;
        this.wish = wish;
    }

    @Override
    public String name() {
        return RehearsalKinds.CHECK_REHEARSAL;
    }

    @Override
    public Probe probe(StepContext context) {
        if (context.facts().find(PASSED).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        SourceStandby standby = SourceStandby.look(site.primary());
        RehearsalChecks checks = new RehearsalChecks(site, wish, standby);
        List<PreflightResult> results = checks.results();
        publish(context, results);
        List<PreflightResult> failed = results.stream()
                .filter(result -> result.state() == CheckState.FAIL)
                .toList();
        if (!failed.isEmpty()) {
            return new Probe.Conflicting(refusal(failed, results.size()));
        }
        results.stream()
                .filter(result -> result.state() == CheckState.WARN)
                .forEach(result -> context.warn(result.summary()));
        standby.identity().record(context);
        checks.way().record(context);
        context.record(DATABASE, standby.database());
        context.record(ROLE, standby.superuser().orElseThrow());
        context.record(PASSED, "%d checks passed".formatted(results.size()));
        return new Probe.Satisfied(results.stream()
                .map(result -> context.evidence(result.summary(), "check " + result.id()))
                .toList());
    }

    private static UnderstudyException refusal(List<PreflightResult> failed, int all) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.REHEARSAL_REFUSED,
                        "cannot rehearse: %d of %d checks failed; nothing was made",
                        failed.size(),
                        all)
                .detail(
                        "%s",
                        String.join(
                                "\n\t",
                                failed.stream()
                                        .map(result -> result.id() + ": " + result.summary())
                                        .toList()));
        for (PreflightResult result : failed) {
            result.hints().forEach(hint -> error.hint("%s: %s", result.id(), hint));
            result.grants().forEach(grant -> error.hint("%s: %s", result.id(), grant));
        }
        return error.build();
    }

    /** As the preflight of a standby does, so that {@code plan} shows them. */
    private static void publish(StepContext context, List<PreflightResult> results) {
        context.publish(
                "preflight",
                Map.of("checks", results.stream().map(CheckRehearsal::published).toList()));
    }

    private static Map<String, Object> published(PreflightResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", result.id());
        map.put("result", result.state().name().toLowerCase(Locale.ROOT));
        map.put("summary", result.summary());
        map.put("evidence", List.of());
        map.put("hints", result.hints());
        map.put("grants", result.grants());
        return map;
    }

    /** Nothing to work on. */
    @Override
    public List<Evidence> apply(StepContext context) {
        return List.of();
    }

    @Override
    public Verdict verify(StepContext context) {
        return new Verdict.Verified(
                List.of(context.evidence(context.facts().get(PASSED), "the checks before the rehearsal")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
