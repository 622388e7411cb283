package dev.understudy.promotion.check.around;

import dev.understudy.promotion.check.PromotionCheck;
import java.util.List;

/** The checks of what happens around a promotion. In the order in which they are shown. */
public final class AroundChecks {
    public static final List<PromotionCheck> ALL =
            List.of(new DownstreamCanFollowCheck(), new ManagedElsewhereCheck(), new OldPrimaryCanRewindCheck());

    private AroundChecks() {}
}
