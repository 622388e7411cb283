package dev.understudy.promotion.check.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.server.surroundings.PreparedTransaction;
import dev.understudy.server.surroundings.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * No transactions prepared for a two-phase commit: they come along, with their locks, and wait for whoever prepared them.
 * A standby shows none before it is promoted; of its own it only has the files that a restartpoint has written.
 */
public final class PreparedTransactionsCheck implements PromotionCheck {
    private static final String ID = "prepared-transactions";
    private static final int MOST_SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        Known<List<PreparedTransaction>> prepared =
                facts.surroundings().primary().flatMap(Surroundings::prepared);
        if (prepared.isKnown()) {
            return judge(prepared.orElse(List.of()));
        }
        OptionalLong most = facts.settings()
                .standby()
                .map(settings -> new SettingValues(settings).number("max_prepared_transactions"))
                .orElse(OptionalLong.empty());
        if (most.isPresent() && most.getAsLong() == 0) {
            return CheckResult.builder(ID)
                    .seen("max_prepared_transactions", "0, which replay would not bear if there were any")
                    .pass("There can be no prepared transactions");
        }
        List<String> files = facts.surroundings()
                .standby()
                .flatMap(Surroundings::twoPhaseFiles)
                .orElse(List.of());
        return files.isEmpty()
                ? CheckResult.skipped(ID, "a standby does not show them, and the primary: " + prepared.reason())
                : CheckResult.builder(ID)
                        .seen(
                                "pg_twophase",
                                "%s: %s"
                                        .formatted(
                                                Names.counted(files.size(), "file", "files"),
                                                Names.first(files, MOST_SHOWN)))
                        .warn(
                                "Promotion brings along %s, locks included, from before the last restartpoint"
                                        .formatted(Names.counted(
                                                files.size(), "prepared transaction", "prepared transactions")),
                                "After the promotion: SELECT gid, prepared, owner, database FROM pg_prepared_xacts; then COMMIT"
                                        + " PREPARED or ROLLBACK PREPARED each, as its coordinator decides.");
    }

    private static CheckResult judge(List<PreparedTransaction> prepared) {
        CheckResult.Builder result = CheckResult.builder(ID).figure("prepared_transactions", prepared.size());
        if (prepared.isEmpty()) {
            return result.seen("the primary's pg_prepared_xacts", "no rows").pass("No transaction is prepared");
        }
        prepared.stream()
                .limit(MOST_SHOWN)
                .forEach(each -> result.seen(
                        "the primary's pg_prepared_xacts",
                        "'%s' of role \"%s\" in database \"%s\", for %s"
                                .formatted(each.gid(), each.owner(), each.database(), age(each))));
        PreparedTransaction oldest = prepared.get(0);
        return result.warn(
                "Promotion brings along %s, locks included; the oldest for %s"
                        .formatted(
                                Names.counted(prepared.size(), "prepared transaction", "prepared transactions"),
                                age(oldest)),
                "Let their coordinator finish them first; what nobody knows of: ROLLBACK PREPARED '%s';"
                        .formatted(oldest.gid().replace("'", "''")));
    }

    private static String age(PreparedTransaction each) {
        return Amount.duration(Duration.ofSeconds(each.seconds()));
    }
}
