package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.Surroundings;
import java.util.List;

/** No unlogged tables: their contents are not replicated, so that a promotion leaves them empty. */
public final class UnloggedTablesCheck implements PromotionCheck {
    private static final String ID = "unlogged-tables";
    private static final int MOST_SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID, facts.surroundings().standby().flatMap(Surroundings::databases), UnloggedTablesCheck::judge);
    }

    private static CheckResult judge(Databases databases) {
        List<DatabaseState> having = databases.seen().stream()
                .filter(database -> database.unloggedCount() > 0)
                .toList();
        if (having.isEmpty()) {
            return NotSeen.unless(
                    databases,
                    ID,
                    result -> result.seen(
                                    "pg_class",
                                    "none in " + Names.counted(databases.seen().size(), "database", "databases"))
                            .pass("There are no unlogged tables"));
        }
        CheckResult.Builder result = CheckResult.builder(ID);
        having.forEach(database -> result.seen(
                "pg_class of database \"" + database.name() + "\"",
                Names.first(database.unlogged(), database.unlogged().size(), database.unloggedCount())));
        NotSeen.note(databases, result);
        long count = having.stream().mapToLong(DatabaseState::unloggedCount).sum();
        List<String> names = having.stream()
                .flatMap(database -> database.unlogged().stream().map(name -> database.name() + "." + name))
                .toList();
        return result.figure("unlogged_tables", count)
                .warn(
                        "%s will be empty: %s"
                                .formatted(
                                        Names.counted(count, "unlogged table", "unlogged tables"),
                                        Names.first(names, MOST_SHOWN, count)),
                        "Be ready to fill them again; what has to survive: ALTER TABLE %s SET LOGGED; on the primary first."
                                .formatted(having.get(0).unlogged().get(0)));
    }
}
