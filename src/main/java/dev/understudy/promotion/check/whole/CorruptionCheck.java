package dev.understudy.promotion.check.whole;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.DatabaseState;
import dev.understudy.promotion.facts.DatabaseState.Examined;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.PageState;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.check.Integrity.Damage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Damage, looked for at the depth that was chosen: pages from outside, catalogs, indexes and tables from inside. */
public final class CorruptionCheck implements PromotionCheck {
    private static final String ID = "corruption";

    @Override
    public String id() {
        return ID;
    }

    private static final int MOST_SHOWN = 10;

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.whole().databases(), databases -> judge(facts, databases));
    }

    private static CheckResult judge(PromotionFacts facts, List<DatabaseState> databases) {
        Builder result = CheckResult.builder(ID);
        List<String> damage = new ArrayList<>();
        Depth depth = facts.given().depth();
        int missing = pages(facts, result, damage, depth);
        for (DatabaseState database : databases) {
            database(result, damage, database);
        }
        damage.stream().limit(MOST_SHOWN).forEach(each -> result.seen("damage", each));
        result.figure("damaged", damage.size());
        if (!damage.isEmpty()) {
            return result.fail(
                    "The standby is damaged: " + damage.get(0),
                    "Do not promote it; seed it anew: understudy run repair-standby. See whether the primary has the same");
        }
        boolean extensions = databases.stream()
                .anyMatch(database -> database.examined()
                        .value()
                        .filter(found -> found.indexes() > 0)
                        .isPresent());
        List<DatabaseState> unseen = databases.stream()
                .filter(database -> !database.catalogRows().isKnown())
                .toList();
        if (!unseen.isEmpty()) {
            return result.warn(
                    "Database \"%s\" could not be looked into: %s"
                            .formatted(
                                    unseen.get(0).name(),
                                    unseen.get(0).catalogRows().reason()),
                    "Let the role connect to it");
        }
        List<Damage> notChecked = databases.stream()
                .flatMap(database -> database.examined().map(Examined::notChecked).orElse(List.of()).stream())
                .toList();
        if (!notChecked.isEmpty()) {
            return result.seen(
                            "amcheck",
                            notChecked.get(0).relation() + ": "
                                    + notChecked.get(0).finding())
                    .warn(
                            "%d relations could not be checked".formatted(notChecked.size()),
                            "Give them more time with -e amcheck_time=…, or the role the right to execute amcheck");
        }
        if (depth == Depth.FULL && (missing > 0 || !extensions)) {
            return result.warn(
                    "No damage was found, but less was looked at than was asked for",
                    extensions
                            ? "Give -D, and see whether the cluster has data checksums"
                            : "CREATE EXTENSION amcheck; on the primary, in each database (10 and newer)");
        }
        return result.pass("No damage was found at depth " + depth);
    }

    /** Gives 1 if pages could not be judged, else 0. */
    private static int pages(PromotionFacts facts, Builder result, List<String> damage, Depth depth) {
        Optional<PageState> pages =
                facts.directory().isKnown() ? facts.whole().pages().value() : Optional.empty();
        if (pages.isEmpty()) {
            result.seen(
                    "data files",
                    "not read: "
                            + (facts.directory().isKnown()
                                    ? facts.whole().pages().reason()
                                    : facts.directory().reason()));
            return 1;
        }
        result.seen(
                "data files",
                pages.get().files() == 0
                        ? "no pages judged, for want of data checksums"
                        : "%d pages of %d %sfiles judged by their checksums"
                                .formatted(
                                        pages.get().pages(),
                                        pages.get().files(),
                                        depth == Depth.QUICK ? "system " : ""));
        damage.addAll(pages.get().bad());
        return pages.get().files() == 0 ? 1 : 0;
    }

    private static void database(Builder result, List<String> damage, DatabaseState database) {
        String name = "database \"" + database.name() + "\"";
        result.seen(
                name,
                database.catalogRows()
                        .match(rows -> rows + " rows of its catalogs read", reason -> "not looked into: " + reason));
        add(damage, name, database.catalogDamage());
        database.examined().value().ifPresent(found -> {
            if (found.counts() > 0) {
                result.seen(name, "rows of %d tables counted by an index and by the table".formatted(found.counts()));
            }
            if (found.indexes() + found.maps() > 0) {
                result.seen(
                        name,
                        "amcheck looked at %d indexes and %d tables, pg_visibility at %d maps"
                                .formatted(found.indexes(), found.tables(), found.maps()));
            }
            add(damage, name, found.damage());
        });
    }

    private static void add(List<String> damage, String database, List<Damage> found) {
        found.forEach(each -> damage.add("%s in %s: %s".formatted(each.relation(), database, each.finding())));
    }
}
