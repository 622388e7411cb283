package dev.understudy.promotion.check.wal;

import dev.understudy.promotion.check.PromotionCheck;
import java.util.List;

/** The checks of whether the standby has everything. In the order in which they are shown. */
public final class WalChecks {
    public static final List<PromotionCheck> ALL = List.of(
            new ReplayCaughtUpCheck(),
            new MostAdvancedCheck(),
            new ReplayRunningCheck(),
            new ApplyDelayCheck(),
            new RecoveryTargetCheck(),
            new WalIntactCheck(),
            new TimelineDescendsCheck(),
            new SynchronousLossCheck());

    private WalChecks() {}
}
