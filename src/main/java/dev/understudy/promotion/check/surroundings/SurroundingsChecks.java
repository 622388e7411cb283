package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.PromotionCheck;
import java.util.List;

/** The checks of host, contents and service. In the order in which they are shown. */
public final class SurroundingsChecks {
    public static final List<PromotionCheck> ALL = List.of(
            new TablespacesCheck(),
            new DiskSpaceCheck(),
            new ResourcesCheck(),
            new CollationVersionsCheck(),
            new TimeZoneDataCheck(),
            new ClockCheck(),
            new TlsCertificatesCheck(),
            new PreparedTransactionsCheck(),
            new UnloggedTablesCheck(),
            new SequencesCheck(),
            new WraparoundCheck(),
            new LongTransactionsCheck());

    private SurroundingsChecks() {}
}
