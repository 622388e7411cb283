package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.CatchUp;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.StandbyThresholds;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.survey.DoctorSurvey.Conflicts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Replay that is near the end of what the primary has written, in bytes and in time. */
public final class ReplayCaughtUpCheck implements PromotionCheck {
    private static final String ID = "replay-caught-up";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.stream().catchUp(), found -> judge(facts, policy, found));
    }

    private static CheckResult judge(PromotionFacts facts, Policy policy, CatchUp found) {
        Builder result = evidence(found);
        conflicts(facts, result);
        long most = policy.bytes(StandbyThresholds.REPLAY_LAG);
        if (found.lagBytes() > most) {
            return result.fail(
                    "%d bytes of WAL are not replayed, more than replay_lag allows (%d)"
                            .formatted(found.lagBytes(), most),
                    "Wait until the standby has caught up, or find out why it does not: understudy doctor");
        }
        if (found.took().isEmpty() && !found.paused()) {
            return result.fail(
                    "The standby did not replay up to %s within %s".formatted(found.target(), words(found.patience())),
                    "See what replay waits for: a query that conflicts, apply delay, slow storage");
        }
        Known<Optional<WalReceiver>> receiver = facts.standby().flatMap(ServerView::receiver);
        if (receiver.is(Optional.empty())) {
            return alone(facts, found, result.seen("pg_stat_wal_receiver", "no WAL receiver runs"));
        }
        if (found.lagBytes() > 0 && found.paused()) {
            return result.warn(
                    "%d bytes of WAL are not replayed, and replay is paused".formatted(found.lagBytes()),
                    "Resume replay");
        }
        return result.pass(
                found.ofPrimary()
                        ? "%d bytes behind the primary, replayed within %s"
                                .formatted(found.lagBytes(), words(found.took().orElse(Duration.ZERO)))
                        : "%d bytes of what was received were not replayed; what the primary had besides cannot be known"
                                .formatted(found.lagBytes()));
    }

    private static CheckResult alone(PromotionFacts facts, CatchUp found, Builder result) {
        Optional<Instant> last =
                facts.standby().flatMap(ServerView::positions).value().flatMap(WalPositions::lastReplayedCommit);
        last.ifPresent(commit -> result.seen("pg_last_xact_replay_timestamp()", commit.toString()));
        return found.ofPrimary()
                ? result.warn(
                        "The standby does not stream from its primary: what is written from now on comes late",
                        "Find out why: understudy doctor --standby CONN --primary CONN -D DATADIR")
                : result.warn(
                        "Nothing streams to the standby, and what the primary had besides cannot be known; "
                                + last.map(commit -> "the last commit replayed is of " + commit)
                                        .orElse("no commit was replayed since it was started"),
                        "If the primary is lost, see whether its WAL or another standby's can still be had;"
                                + " if not, see with --primary how much is missing");
    }

    /** What replay had to cancel to go on; where queries are never cancelled, replay waits for them instead. */
    private static void conflicts(PromotionFacts facts, Builder result) {
        List<Conflicts> databases =
                facts.standby().flatMap(ServerView::conflicts).orElse(List.of());
        databases.forEach(database -> result.seen(
                "pg_stat_database_conflicts",
                "database \"%s\": replay has cancelled %d queries, %d of them for old snapshots, %d for locks"
                        .formatted(database.database(), database.total(), database.snapshot(), database.lock())));
        result.figure(
                "recovery_conflicts",
                databases.stream().mapToLong(Conflicts::total).sum());
    }

    private static Builder evidence(CatchUp found) {
        Builder result = CheckResult.builder(ID)
                .seen(found.ofPrimary() ? "primary" : "standby", "WAL ends at " + found.target());
        found.received().ifPresent(lsn -> result.seen("standby", "received up to " + lsn));
        result.seen("standby", "replayed up to " + found.replayed()).figure("replay_lag_bytes", found.lagBytes());
        found.took().ifPresent(took -> {
            result.seen("standby", "replayed up to %s after %s".formatted(found.target(), words(took)));
            result.figure("replay_delay_ms", took.toMillis());
        });
        return result;
    }

    private static String words(Duration span) {
        return span.toMillis() < 1000 ? span.toMillis() + " ms" : "%.1f s".formatted(span.toMillis() / 1000.0);
    }
}
