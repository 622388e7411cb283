package dev.understudy.promotion.check.around;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.ManagerSign;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A standby that Patroni or the like manages, which would fight with a promotion by hand. */
public final class ManagedElsewhereCheck implements PromotionCheck {
    private static final String ID = "managed-elsewhere";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.around().managers(), signs -> judge(facts, signs));
    }

    private static CheckResult judge(PromotionFacts facts, List<ManagerSign> seen) {
        List<ManagerSign> signs = new ArrayList<>(seen);
        facts.around().programs().value().ifPresent(signs::addAll);
        Builder result = CheckResult.builder(ID);
        signs.forEach(sign -> result.seen(sign.source(), sign.manager().title() + ": " + sign.detail()));
        result.seen(
                "looked at",
                "sessions and settings of the standby"
                        + (facts.around().programs().isKnown() ? ", its data directory, processes of its host" : ""));
        Optional<ManagerSign> live = signs.stream().filter(ManagerSign::live).findFirst();
        if (live.isPresent()) {
            return result.fail(
                    "%s manages this standby, and would undo or repeat a promotion by hand"
                            .formatted(live.get().manager().title()),
                    live.get().manager().command());
        }
        return signs.isEmpty()
                ? result.pass("Nothing that manages standbys was seen at work on it")
                : result.warn(
                        "%s was seen on the host; it may manage this standby"
                                .formatted(signs.get(0).manager().title()),
                        "See whether it does; if so: " + signs.get(0).manager().command());
    }
}
