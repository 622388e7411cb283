package dev.understudy.promotion.check.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.server.surroundings.OpenTransaction;
import dev.understudy.server.surroundings.OpenTransactions;
import dev.understudy.server.surroundings.Surroundings;
import java.time.Duration;
import java.util.List;

/**
 * No long transactions: one on the standby may hold back the replay that a promotion waits for, and what one on the
 * primary has written is lost.
 */
public final class LongTransactionsCheck implements PromotionCheck {
    private static final String ID = "long-transactions";
    private static final int MOST_SHOWN = 5;
    private static final String SEEN_BY =
            "the role does not see the transactions of %d sessions (it takes pg_read_all_stats)";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().standby().flatMap(Surroundings::transactions),
                standby -> judge(facts, standby, policy));
    }

    private static CheckResult judge(PromotionFacts facts, OpenTransactions standby, Policy policy) {
        Known<OpenTransactions> primary = facts.surroundings().primary().flatMap(Surroundings::transactions);
        Duration limit = policy.duration(SurroundingsThresholds.LONG_TRANSACTION);
        List<OpenTransaction> reading =
                standby.seen().stream().filter(each -> isLong(each, limit)).toList();
        List<OpenTransaction> writing = primary.value().stream()
                .flatMap(open -> open.seen().stream())
                .filter(OpenTransaction::writes)
                .filter(each -> isLong(each, limit))
                .toList();
        long hidden = standby.hidden() + primary.map(OpenTransactions::hidden).orElse(0L);
        if (reading.isEmpty() && writing.isEmpty() && hidden > 0) {
            return CheckResult.skipped(ID, SEEN_BY.formatted(hidden));
        }
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_stat_activity",
                        "%d transactions open on the standby"
                                .formatted(standby.seen().size()));
        result.seen(
                "the primary's pg_stat_activity",
                primary.match(
                        open -> "%d transactions open".formatted(open.seen().size()),
                        reason -> "not known: " + reason));
        if (hidden > 0) {
            result.seen("not seen", SEEN_BY.formatted(hidden));
        }
        Worst worst = new Worst(result);
        show(result, "the primary's pg_stat_activity", writing);
        show(result, "pg_stat_activity", reading);
        if (!writing.isEmpty()) {
            worst.warn(
                    "A transaction on the primary has been writing for %s; what it has not committed is lost"
                            .formatted(age(writing.get(0))),
                    "Wait for it, or end it on the primary: SELECT pg_terminate_backend(%d);"
                            .formatted(writing.get(0).pid()));
        }
        if (!reading.isEmpty()) {
            worst.warn(
                    "A transaction on the standby has been open for %s; a promotion may have to wait for replay that it holds back"
                            .formatted(age(reading.get(0))),
                    "End it on the standby: SELECT pg_terminate_backend(%d);"
                            .formatted(reading.get(0).pid()));
        }
        return worst.orPass("No transaction is open for longer than %s".formatted(Amount.duration(limit)));
    }

    private static boolean isLong(OpenTransaction each, Duration limit) {
        return each.seconds() >= limit.toSeconds();
    }

    private static void show(CheckResult.Builder result, String source, List<OpenTransaction> open) {
        open.stream().limit(MOST_SHOWN).forEach(each -> result.seen(source, each.describe() + ", for " + age(each)));
    }

    private static String age(OpenTransaction each) {
        return Amount.duration(Duration.ofSeconds(each.seconds()));
    }
}
