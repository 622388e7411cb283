package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.CatchUp;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.StandbyThresholds;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Committed transactions that this standby would lose if the primary were gone now. */
public final class SynchronousLossCheck implements PromotionCheck {
    private static final String ID = "synchronous-loss";

    @Override
    public String id() {
        return ID;
    }

    /** Source: {@code sync_state} of {@code pg_stat_get_wal_senders} in {@code src/backend/replication/walsender.c}. */
    private static final Set<String> WAITED_FOR = Set.of("sync", "quorum");

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.primary(),
                facts.stream().catchUp(),
                (primary, position) -> judge(facts, policy, primary, position));
    }

    private static CheckResult judge(PromotionFacts facts, Policy policy, ServerView primary, CatchUp position) {
        String names = primary.setting("synchronous_standby_names").orElse("");
        Builder result = CheckResult.builder(ID)
                .seen("primary", "synchronous_standby_names = '" + names + "'")
                .seen("primary", "WAL ends at " + position.target())
                .figure("loss_bytes", position.missingBytes());
        position.received().ifPresent(lsn -> result.seen("standby", "received up to " + lsn));
        long bytes = position.missingBytes();
        if (names.isBlank()) {
            return bytes <= policy.bytes(StandbyThresholds.REPLAY_LAG)
                    ? result.pass("Commits are asynchronous; %d bytes of WAL would be lost now".formatted(bytes))
                    : result.warn(
                            "Commits are asynchronous; %d bytes of WAL would be lost now".formatted(bytes),
                            "Stop the primary cleanly before the promotion: then it sends all that it has");
        }
        Optional<WalSender> own = sender(facts, primary);
        own.ifPresent(sender -> result.seen("pg_stat_replication", sender.describe() + ", " + sender.syncState()));
        if (own.filter(sender -> WAITED_FOR.contains(sender.syncState())).isPresent()) {
            return result.pass("The primary waits for this standby before it reports a commit");
        }
        String remedy = "Promote a standby that is synchronous, or stop the primary cleanly first";
        return bytes > policy.bytes(StandbyThresholds.LOSS)
                ? result.fail(
                        "Commits are synchronous, but not with this standby, which lacks %d bytes of WAL"
                                .formatted(bytes),
                        remedy)
                : result.warn("Commits are synchronous, but not with this standby; it has all of them now", remedy);
    }

    /** The primary's sender to this standby: the one that uses its slot, else the only one. */
    private static Optional<WalSender> sender(PromotionFacts facts, ServerView primary) {
        List<WalSender> senders = primary.senders().orElse(List.of());
        String slot = facts.standby()
                .value()
                .flatMap(view -> view.receiver().value())
                .flatMap(found -> found)
                .map(receiver -> receiver.slot())
                .orElse("");
        OptionalLong pid = slot.isEmpty()
                ? OptionalLong.empty()
                : primary.slot(slot).map(found -> found.activePid()).orElse(OptionalLong.empty());
        if (pid.isPresent()) {
            return senders.stream()
                    .filter(sender -> sender.pid() == pid.getAsLong())
                    .findFirst();
        }
        return senders.size() == 1 ? Optional.of(senders.get(0)) : Optional.empty();
    }
}
