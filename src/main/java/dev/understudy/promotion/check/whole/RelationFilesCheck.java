package dev.understudy.promotion.check.whole;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.DatabaseState;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.List;

/** A file for every relation of the catalogs, none of them hollow or cut short, and no gap between segments. */
public final class RelationFilesCheck implements PromotionCheck {
    private static final String ID = "relation-files";

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
        List<String> wrong = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        List<String> uncompared = new ArrayList<>();
        List<String> shorter = new ArrayList<>();
        for (DatabaseState database : databases) {
            String name = "database \"" + database.name() + "\"";
            database.hollow()
                    .value()
                    .ifPresentOrElse(
                            hollow -> {
                                result.seen(name, database.relations().orElse(0L) + " relations have their files");
                                hollow.forEach(each -> wrong.add("%s in %s".formatted(each, name)));
                            },
                            () -> unseen.add(name + ": " + database.hollow().reason()));
            database.cutShort()
                    .value()
                    .ifPresentOrElse(
                            tables -> tables.forEach(each -> wrong.add("%s in %s".formatted(each, name))),
                            () -> uncompared.add(
                                    name + ": " + database.cutShort().reason()));
            database.shorter()
                    .value()
                    .ifPresent(relations -> relations.forEach(each -> shorter.add("%s in %s".formatted(each, name))));
        }
        if (facts.directory().isKnown()) {
            facts.whole().pages().value().ifPresent(pages -> wrong.addAll(pages.missing()));
        }
        wrong.stream().limit(MOST_SHOWN).forEach(each -> result.seen("empty, missing or cut short", each));
        if (!wrong.isEmpty()) {
            return result.fail(
                    "%s an empty, missing or cut short file, first %s"
                            .formatted(
                                    wrong.size() == 1
                                            ? "1 relation of the catalogs has"
                                            : wrong.size() + " relations of the catalogs have",
                                    wrong.get(0)),
                    "Do not promote it; seed it anew: understudy run repair-standby");
        }
        unseen.forEach(each -> result.seen("not looked into", each));
        uncompared.forEach(each -> result.seen("whether tables end before rows of the primary was not seen", each));
        if (!shorter.isEmpty()) {
            shorter.stream().limit(MOST_SHOWN).forEach(each -> result.seen("shorter than pg_class.relpages", each));
            return result.warn(
                    "%s may have lost %s end%s"
                            .formatted(
                                    shorter.size() == 1 ? shorter.get(0) : shorter.size() + " relations",
                                    shorter.size() == 1 ? "its" : "their",
                                    shorter.size() == 1 ? "" : ", first " + shorter.get(0)),
                    "Look with --depth full, which counts rows by an index as well, or with --primary, whose rows show"
                            + " what is missing; ANALYZE there counts anew");
        }
        return unseen.isEmpty()
                ? result.pass("Every relation of the catalogs has its files")
                : result.warn("%d databases could not be looked into".formatted(unseen.size()), "Let the role connect");
    }
}
