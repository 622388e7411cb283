package dev.understudy.promotion.check.wal;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.WalPositions;

/** Replay that nobody has paused. */
public final class ReplayRunningCheck implements PromotionCheck {
    private static final String ID = "replay-running";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.standby().flatMap(view -> view.positions()), ReplayRunningCheck::judge);
    }

    private static CheckResult judge(WalPositions positions) {
        CheckResult.Builder result =
                CheckResult.builder(ID).seen("pg_is_wal_replay_paused()", Boolean.toString(positions.replayPaused()));
        return positions.replayPaused()
                ? result.fail(
                        "Replay is paused: a promotion would wait, or lose what has not been replayed",
                        "SELECT pg_wal_replay_resume(); -- pg_xlog_replay_resume() before 10")
                : result.pass("Replay is not paused");
    }
}
