package dev.understudy.promotion.check.settings;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.promotion.facts.PromotionFacts;
import java.util.Optional;

/** The name under which the standby follows, which its sender on the primary bears. */
final class FollowerName {
    private FollowerName() {}

    static Optional<String> of(PromotionFacts facts) {
        return facts.standby()
                .value()
                .flatMap(view -> view.receiver().value())
                .flatMap(receiver -> receiver)
                .flatMap(receiver -> read(receiver.conninfo()));
    }

    private static Optional<String> read(String conninfo) {
        try {
            Conninfo parsed = Conninfo.parse(conninfo);
            return parsed.get("application_name").or(() -> parsed.get("fallback_application_name"));
        } catch (UnderstudyException e) {
            // Then it is not known which sender is this standby's, and none is left out.
            return Optional.empty();
        }
    }
}
