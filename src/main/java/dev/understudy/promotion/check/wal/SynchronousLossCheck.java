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
        Optional<CommitLevel> set = level(facts);
        CommitLevel level = set.orElse(CommitLevel.ON);
        Builder result = CheckResult.builder(ID)
                .seen("primary", "synchronous_standby_names = '%s'".formatted(names))
                .seen(
                        "primary",
                        set.map(found -> "synchronous_commit = %s, unless a session sets it".formatted(found.printed()))
                                .orElse("synchronous_commit was not seen, and is taken for on"))
                .seen("primary", "WAL ends at " + position.target())
                .figure("loss_bytes", position.missingBytes());
        facts.stream()
                .commitOverrides()
                .orElse(List.of())
                .forEach(override -> result.seen("pg_db_role_setting of the primary", override));
        position.received().ifPresent(lsn -> result.seen("standby", "received up to " + lsn));
        if (names.isBlank() || !level.isRemote()) {
            return asynchronous(result, policy, position.missingBytes(), names, level);
        }
        Optional<WalSender> own = sender(facts, primary);
        own.ifPresent(sender -> result.seen("pg_stat_replication", sender.describe() + ", " + sender.syncState()));
        return own.filter(sender -> WAITED_FOR.contains(sender.syncState())).isPresent()
                ? result.pass("The primary reports a commit %s (synchronous_commit = %s): %s"
                        .formatted(level.when(), level.printed(), level.loss()))
                : waitsForOthers(result, policy, position.missingBytes());
    }

    /** Of new sessions, and not of the one that asked, which waits for no standby. */
    private static Optional<CommitLevel> level(PromotionFacts facts) {
        return facts.settings()
                .primary()
                .value()
                .map(settings -> settings.get("synchronous_commit"))
                .flatMap(setting -> CommitLevel.find(setting.value()));
    }

    private static CheckResult asynchronous(
            Builder result, Policy policy, long bytes, String names, CommitLevel level) {
        String remedy = "Stop the primary cleanly before the promotion: then it sends all that it has";
        if (!names.isBlank()) {
            return result.warn(
                    "synchronous_standby_names is set, yet commits are reported %s (synchronous_commit = %s); %d bytes of WAL would be lost now"
                            .formatted(level.when(), level.printed(), bytes),
                    remedy);
        }
        String summary = "Commits are asynchronous; %d bytes of WAL would be lost now".formatted(bytes);
        return bytes <= policy.bytes(StandbyThresholds.REPLAY_LAG)
                ? result.pass(summary)
                : result.warn(summary, remedy);
    }

    private static CheckResult waitsForOthers(Builder result, Policy policy, long bytes) {
        String remedy = "Promote a standby that is synchronous, or stop the primary cleanly first";
        if (bytes > policy.bytes(StandbyThresholds.LOSS)) {
            return result.fail(
                    "Commits are synchronous, but not with this standby, which lacks %d bytes of WAL".formatted(bytes),
                    remedy);
        }
        return result.warn(
                bytes == 0
                        ? "Commits are synchronous, but not with this standby; it has all of them now"
                        : "Commits are synchronous, but not with this standby, which lacks %d bytes of WAL"
                                .formatted(bytes),
                remedy);
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
