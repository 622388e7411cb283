package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** A timeline that is the primary's, or that the primary's came from. */
public final class TimelineDescendsCheck implements PromotionCheck {
    private static final String ID = "timeline-descends";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby(),
                facts.stream().primaryTimeline(),
                (standby, timeline) -> judge(facts, timelineOf(standby), timeline));
    }

    /** The newest timeline that the standby tells of: what it streams, what it must reach, what its restartpoint is on. */
    private static TimelineId timelineOf(ServerView standby) {
        return Stream.of(
                        standby.receiver().value().flatMap(found -> found).flatMap(WalReceiver::timeline),
                        standby.recovery().value().flatMap(ControlFacts.Recovery::minRecoveryTimeline),
                        Optional.of(standby.identity().timeline()))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static CheckResult judge(PromotionFacts facts, TimelineId own, TimelineId primary) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("standby", "timeline " + own)
                .seen("primary", "writes to timeline " + primary);
        if (own.equals(primary)) {
            return result.pass("Standby and primary are on timeline " + own);
        }
        if (own.compareTo(primary) > 0) {
            return result.fail(
                    "The standby is on timeline %s, which the primary, on timeline %s, has never been on"
                            .formatted(own, primary),
                    "Find out which of the two is the real primary's line; this standby has left the other's");
        }
        return CheckResult.of(
                ID,
                facts.stream().primaryHistory(),
                facts.stream().catchUp(),
                (history, position) -> fork(result, own, parse(primary, history), position.end()));
    }

    private static CheckResult fork(CheckResult.Builder result, TimelineId own, TimelineHistory history, Lsn end) {
        history.ancestors()
                .forEach(line -> result.seen(
                        TimelineHistory.fileName(history.timeline()),
                        "timeline %s up to %s".formatted(line.timeline(), line.switchLsn())));
        result.seen("standby", "has WAL up to " + end);
        return history.continuesFrom(own, end)
                ? result.warn(
                        "The primary is on a later timeline, which the standby can still go on to",
                        "Let the standby follow it first: recovery_target_timeline = 'latest'")
                : result.fail(
                        "The standby has gone past the place where the primary's timeline %s left timeline %s"
                                .formatted(history.timeline(), own),
                        "This standby is not this primary's any more: pg_rewind, or seed it anew with understudy run"
                                + " repair-standby");
    }

    private static TimelineHistory parse(TimelineId timeline, String text) {
        try {
            return TimelineHistory.parse(timeline, text.getBytes(StandardCharsets.UTF_8));
        } catch (UnderstudyException e) {
            // A history that cannot be read connects the timeline with no other, and so it is judged.
            return TimelineHistory.without(timeline);
        }
    }
}
