package dev.understudy.promotion.check.whole;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.DatabaseState;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.check.Integrity.InvalidIndex;
import java.util.List;

/** Indexes that were left invalid, and that queries on a new primary would not use either. */
public final class IndexesValidCheck implements PromotionCheck {
    private static final String ID = "indexes-valid";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.whole().databases(), IndexesValidCheck::judge);
    }

    private static CheckResult judge(List<DatabaseState> databases) {
        Builder result = CheckResult.builder(ID);
        int invalid = 0;
        int seen = 0;
        for (DatabaseState database : databases) {
            seen += database.invalidIndexes().isKnown() ? 1 : 0;
            for (InvalidIndex index : database.invalidIndexes().orElse(List.of())) {
                invalid++;
                result.seen(
                        "pg_index of database \"" + database.name() + "\"",
                        index.name() + (index.ready() ? " is not valid" : " is neither valid nor ready"));
            }
        }
        if (seen == 0) {
            return CheckResult.skipped(ID, "no database could be looked into");
        }
        result.seen("pg_index", seen + " databases looked into");
        return invalid == 0
                ? result.pass("All indexes are valid")
                : result.warn(
                        "%d indexes are not valid, as CREATE INDEX CONCURRENTLY leaves them when it fails"
                                .formatted(invalid),
                        "On the primary: REINDEX INDEX CONCURRENTLY (12 and newer), or drop and make them anew");
    }
}
