package dev.understudy.provision;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.preflight.Preflight;
import dev.understudy.provision.preflight.PreflightReport;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.request.PreflightRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Looks at everything that would make a later step fail; all of it is looking, so all of it happens in the probe. */
public final class PreflightStep implements Step {
    private static final String PASSED = "preflight";

    private final Function<StepContext, PreflightRequest> request;

    /** @param request what is going to be done; a resumed run says which of the target is its own by then */
    public PreflightStep(Function<StepContext, PreflightRequest> request) {
        this.request = request;
    }

    @Override
    public String name() {
        return StepKinds.PREFLIGHT;
    }

    /** Makes every check; for plans that only look, too. */
    public PreflightReport examine(StepContext context) {
        return Preflight.run(request.apply(context));
    }

    @Override
    public Probe probe(StepContext context) {
        PreflightReport report = examine(context);
        context.publish(
                "preflight",
                Map.of(
                        "checks",
                        report.results().stream().map(PreflightStep::published).toList()));
        report.warnings().forEach(warning -> context.warn(warning.summary()));
        try {
            report.orThrow();
        } catch (UnderstudyException e) {
            return new Probe.Conflicting(e);
        }
        context.record(PASSED, report.describe());
        return new Probe.Satisfied(evidence(context, report));
    }

    private static List<Evidence> evidence(StepContext context, PreflightReport report) {
        List<Evidence> evidence = new ArrayList<>();
        for (PreflightResult result : report.results()) {
            if (result.state() == CheckState.PASS || result.state() == CheckState.WARN) {
                evidence.add(context.evidence(result.summary(), "check " + result.id()));
            }
        }
        return evidence;
    }

    private static Map<String, Object> published(PreflightResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", result.id());
        map.put("result", result.state().name().toLowerCase(java.util.Locale.ROOT));
        map.put("summary", result.summary());
        map.put(
                "evidence",
                result.seen().stream()
                        .map(seen -> Map.of("claim", seen.claim(), "source", seen.source()))
                        .toList());
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
        return new Verdict.Verified(List.of(context.evidence(context.facts().get(PASSED), "the preflight's checks")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
