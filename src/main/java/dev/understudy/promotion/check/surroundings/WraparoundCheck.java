package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Surroundings;
import dev.understudy.server.surroundings.TransactionAge;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Transaction and multixact ids far from wraparound, at which a primary stops taking writes. */
public final class WraparoundCheck implements PromotionCheck {
    private static final String ID = "wraparound";

    /** Half of the 32-bit space. Source: {@code SetTransactionIdLimit} in {@code src/backend/access/transam/varsup.c}. */
    private static final double MOST = 1L << 31;

    private static final int MOST_SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID, facts.surroundings().standby().flatMap(Surroundings::ages), ages -> judge(facts, ages, policy));
    }

    private static CheckResult judge(PromotionFacts facts, List<TransactionAge> ages, Policy policy) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<TransactionAge> sorted = ages.stream()
                .sorted(Comparator.comparingDouble(WraparoundCheck::percent).reversed())
                .toList();
        sorted.stream()
                .limit(MOST_SHOWN)
                .forEach(age -> result.seen(
                        "pg_database \"" + age.database() + "\"",
                        "age(datfrozenxid) %d, mxid_age(datminmxid) %d".formatted(age.xids(), age.multixacts())));
        TransactionAge oldest = sorted.get(0);
        result.figure(
                        "oldest_xid_age",
                        ages.stream().mapToLong(TransactionAge::xids).max().orElse(0))
                .figure(
                        "oldest_multixact_age",
                        ages.stream()
                                .mapToLong(TransactionAge::multixacts)
                                .max()
                                .orElse(0));
        String summary = "Database \"%s\" has gone %.0f %% of the way to %s wraparound"
                .formatted(
                        oldest.database(),
                        Math.floor(percent(oldest)),
                        oldest.xids() >= oldest.multixacts() ? "transaction id" : "multixact id");
        if (percent(oldest) >= policy.percent(SurroundingsThresholds.TRANSACTION_AGE_MOST)) {
            return table(facts, oldest, result).fail(summary, remedy(oldest));
        }
        if (percent(oldest) >= policy.percent(SurroundingsThresholds.TRANSACTION_AGE)) {
            return table(facts, oldest, result).warn(summary, remedy(oldest));
        }
        return result.pass("Transaction ids are far from wraparound");
    }

    private static double percent(TransactionAge age) {
        return Math.max(age.xids(), age.multixacts()) * 100 / MOST;
    }

    private static CheckResult.Builder table(PromotionFacts facts, TransactionAge oldest, CheckResult.Builder result) {
        Optional<String> table = facts.surroundings()
                .standby()
                .flatMap(Surroundings::databases)
                .value()
                .flatMap(databases -> databases.find(oldest.database()))
                .flatMap(DatabaseState::oldestTable);
        table.ifPresent(
                name -> result.seen("pg_class of database \"" + oldest.database() + "\"", "the oldest is " + name));
        return result;
    }

    private static String remedy(TransactionAge oldest) {
        return "On the primary, in database \"%s\": VACUUM (FREEZE); and look for what holds it back: old transactions,"
                        .formatted(oldest.database())
                + " prepared ones, replication slots.";
    }
}
