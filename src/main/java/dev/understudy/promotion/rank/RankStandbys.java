package dev.understudy.promotion.rank;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.PromotionKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.Promotion;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.facts.CatchUp;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks standbys one after the other and ranks them. There is nothing to do but to look, so that all is in verify. */
final class RankStandbys implements Step {
    private final String name;
    private final List<PromotionRequest> requests;
    private final Policy policy;
    private final PromotionGatherer gatherer;

    RankStandbys(String name, List<PromotionRequest> requests, Policy policy, PromotionGatherer gatherer) {
        this.name = name;
        this.requests = List.copyOf(requests);
        this.policy = policy;
        this.gatherer = gatherer;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending("check %d standbys as before a promotion, and rank them".formatted(requests.size()));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        return List.of();
    }

    @Override
    public dev.understudy.engine.Verdict verify(StepContext context) {
        List<Candidate> checked = new ArrayList<>();
        for (PromotionRequest request : requests) {
            context.checkAlive();
            context.waiting("the checks of " + request.standby().display());
            checked.add(check(request));
        }
        List<Candidate> ranked = Candidate.rank(checked);
        context.publish(
                "ranking",
                Map.of("standbys", ranked.stream().map(RankStandbys::tree).toList()));
        if (ranked.stream().noneMatch(candidate -> candidate.verdict().isGo())) {
            return new dev.understudy.engine.Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.PROMOTION_NO_GO, "none of the %d standbys can be promoted", ranked.size())
                    .detail(
                            "%s",
                            String.join(
                                    "\n",
                                    ranked.stream().map(Candidate::describe).toList()))
                    .hint("See each in full with: understudy promotion check --standby CONN")
                    .build());
        }
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            evidence.add(context.evidence((i + 1) + ". " + ranked.get(i).describe(), PromotionKinds.RANK_STANDBYS));
        }
        return new dev.understudy.engine.Verdict.Verified(evidence);
    }

    private Candidate check(PromotionRequest request) {
        PromotionFacts facts = gatherer.gather(request);
        Verdict verdict = Promotion.examine(facts, policy);
        return new Candidate(
                facts.given().standby(),
                verdict,
                facts.stream().catchUp().map(CatchUp::end).orElse(Lsn.INVALID));
    }

    private static Map<String, Object> tree(Candidate candidate) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("standby", candidate.name());
        tree.put("go", candidate.verdict().isGo());
        tree.put("lsn", candidate.end().toString());
        tree.put(
                "checks",
                candidate.verdict().checks().stream().map(RankStandbys::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(CheckResult check) {
        return Map.of("id", check.id(), "result", check.result().toString(), "summary", check.summary());
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
