package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.Downstream;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** No other standby that has more of the primary's WAL than this one. */
public final class MostAdvancedCheck implements PromotionCheck {
    private static final String ID = "most-advanced";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.stream().catchUp(), found -> judge(facts, found.end()));
    }

    private static CheckResult judge(PromotionFacts facts, Lsn own) {
        Map<String, Lsn> others = new LinkedHashMap<>();
        facts.primary()
                .flatMap(ServerView::senders)
                .value()
                .ifPresent(senders -> senders.forEach(sender ->
                        end(sender).ifPresent(lsn -> others.put("the primary's sender to " + sender.describe(), lsn))));
        for (Downstream downstream : facts.downstreams()) {
            downstream
                    .view()
                    .value()
                    .flatMap(MostAdvancedCheck::end)
                    .ifPresent(lsn -> others.put("standby " + downstream.conninfo(), lsn));
        }
        if (others.isEmpty()) {
            return CheckResult.skipped(ID, "no other standby could be asked: neither --primary nor --downstream tells");
        }
        Builder result = CheckResult.builder(ID).seen("standby", "has WAL up to " + own);
        others.forEach((who, lsn) -> result.seen(who, "has WAL up to " + lsn));
        Map.Entry<String, Lsn> most =
                others.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        if (own.isAtLeast(most.getValue())) {
            return result.pass("No other standby that was asked has more WAL");
        }
        String summary = "%s has %d bytes of WAL more than this standby"
                .formatted(capital(most.getKey()), most.getValue().minus(own));
        return facts.primary().isKnown()
                ? result.warn(summary, "Let this standby catch up while the primary is up, or promote the other one")
                : result.fail(summary, "Promote the other one, or let this standby get that WAL from it first");
    }

    /** What a standby has on disk, replayed or not. */
    private static Optional<Lsn> end(ServerView view) {
        return view.positions()
                .value()
                .flatMap(positions -> java.util.stream.Stream.of(positions.received(), positions.replayed())
                        .flatMap(Optional::stream)
                        .max(Comparator.naturalOrder()));
    }

    private static Optional<Lsn> end(WalSender sender) {
        return sender.flushed();
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    }
}
