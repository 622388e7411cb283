package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.survey.Subscription;
import java.util.List;
import java.util.stream.Collectors;

/** Subscriptions that begin to fetch when the server becomes primary, from the publisher that the old primary fetches from. */
public final class SubscriptionsCheck implements PromotionCheck {
    private static final String ID = "subscriptions";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.settings().standbyServer().subscriptions(), SubscriptionsCheck::judge);
    }

    private static CheckResult judge(List<Subscription> subscriptions) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<Subscription> enabled =
                subscriptions.stream().filter(Subscription::enabled).toList();
        result.seen("pg_subscription", "%d, of which %d enabled".formatted(subscriptions.size(), enabled.size()));
        enabled.forEach(each -> result.seen(
                "pg_subscription",
                "\"%s\" in database \"%s\", slot \"%s\" on its publisher"
                        .formatted(each.name(), each.database(), each.slot())));
        return enabled.isEmpty()
                ? result.pass("No subscription would start")
                : result.warn(
                        "%d subscription%s start on the new primary, with the slot that the old primary uses: %s"
                                .formatted(
                                        enabled.size(),
                                        enabled.size() == 1 ? " would" : "s would",
                                        enabled.stream()
                                                .map(each -> each.database() + "." + each.name())
                                                .collect(Collectors.joining(", "))),
                        "See that the publisher admits the standby's host, and that the old primary is down by then");
    }
}
