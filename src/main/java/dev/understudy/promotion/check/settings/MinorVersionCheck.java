package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.List;

/** A minor version that is not older than the primary's, and none of those that are known to do harm. */
public final class MinorVersionCheck implements PromotionCheck {
    private static final String ID = "minor-version";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby(),
                standby -> judge(
                        standby.identity().version(),
                        facts.primary().map(ServerView::identity).map(identity -> identity.version())));
    }

    private static CheckResult judge(ServerVersion here, Known<ServerVersion> there) {
        CheckResult.Builder result = CheckResult.builder(ID).seen("server_version of the standby", here.toString());
        result.seen(
                "server_version of the primary",
                there.match(ServerVersion::toString, reason -> "not known: " + reason));
        List<KnownBadMinors.Range> bad = KnownBadMinors.of(here);
        if (!bad.isEmpty()) {
            bad.forEach(range -> result.seen(range.source(), range.harm()));
            return result.warn(
                    "PostgreSQL %s is known to do harm: %s"
                            .formatted(here, bad.get(0).harm()),
                    "Update the standby's packages to %s or newer, and restart it"
                            .formatted(bad.get(bad.size() - 1).mended()));
        }
        return there.value()
                .filter(version -> version.compareTo(here) > 0)
                .map(version -> result.warn(
                        "The standby runs %s, older than the primary's %s: what was mended there would be back"
                                .formatted(here, version),
                        "Update the standby's packages, and restart it, before the promotion"))
                .orElseGet(() -> result.pass("The standby runs %s, of which no harm is known%s"
                        .formatted(here, there.isKnown() ? ", and the primary nothing newer" : "")));
    }
}
