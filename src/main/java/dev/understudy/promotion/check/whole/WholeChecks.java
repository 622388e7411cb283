package dev.understudy.promotion.check.whole;

import dev.understudy.promotion.check.PromotionCheck;
import java.util.List;

/** The checks of whether the standby is whole. In the order in which they are shown. */
public final class WholeChecks {
    public static final List<PromotionCheck> ALL = List.of(
            new InRecoveryCheck(),
            new ConsistencyReachedCheck(),
            new ControlFileAgreesCheck(),
            new SystemIdentifierCheck(),
            new DataChecksumsCheck(),
            new CorruptionCheck(),
            new RelationFilesCheck(),
            new IndexesValidCheck());

    private WholeChecks() {}
}
