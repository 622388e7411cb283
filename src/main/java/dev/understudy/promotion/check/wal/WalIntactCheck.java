package dev.understudy.promotion.check.wal;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.facts.WalStretch;
import dev.understudy.promotion.policy.Policy;

/** WAL that waits on disk to be replayed and is whole: a promotion replays it first. */
public final class WalIntactCheck implements PromotionCheck {
    private static final String ID = "wal-intact";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.directory(),
                directory -> CheckResult.of(ID, facts.stream().unreplayed(), WalIntactCheck::judge));
    }

    private static CheckResult judge(WalStretch found) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("standby", "replayed up to %s, received up to %s".formatted(found.from(), found.to()))
                .seen(
                        "WAL directory",
                        "%d records read with their checksums, up to %s; the reading ended at %s"
                                .formatted(found.records(), found.readTo(), found.end()));
        return found.intact()
                ? result.pass(
                        found.records() == 0
                                ? "No WAL waits to be replayed"
                                : "The WAL that waits to be replayed is whole")
                : result.fail(
                        "WAL that was received breaks off at %s, before %s: a promotion would lose what is behind"
                                .formatted(found.end().lsn(), found.to()),
                        "Let the standby get it again: stop it, set that segment aside in pg_wal, start it while the"
                                + " primary still has the segment");
    }
}
