package dev.understudy.promotion;

import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.check.around.AroundChecks;
import dev.understudy.promotion.check.settings.SettingsChecks;
import dev.understudy.promotion.check.surroundings.SurroundingsChecks;
import dev.understudy.promotion.check.wal.WalChecks;
import dev.understudy.promotion.check.whole.WholeChecks;
import java.util.List;
import java.util.stream.Stream;

/** All checks, by family, in the order in which they are shown. Each has its section in the documentation and its tests. */
public final class CheckCatalogue {
    private CheckCatalogue() {}

    public static List<PromotionCheck> all() {
        return Stream.of(WholeChecks.ALL, WalChecks.ALL, SettingsChecks.ALL, SurroundingsChecks.ALL, AroundChecks.ALL)
                .flatMap(List::stream)
                .toList();
    }

    /** Ids of the checks that a policy may leave out: all but the one without which nothing is known. */
    public static List<String> dispensable() {
        return ids().stream().filter(id -> !id.equals("in-recovery")).toList();
    }

    public static List<String> ids() {
        return all().stream().map(PromotionCheck::id).toList();
    }
}
