package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.ObjectSurvey;
import java.util.List;
import java.util.Map;

/** Logical decoding that goes on being possible: what is published needs {@code wal_level = logical} on the new primary. */
public final class PublicationsCheck implements PromotionCheck {
    private static final String ID = "publications";
    private static final String LOGICAL = "logical";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standby(),
                standby -> CheckResult.of(
                        ID,
                        facts.settings().standbyServer().objects(),
                        objects -> judge(standby, facts.settings().primary(), publications(objects))));
    }

    private static List<String> publications(ObjectSurvey objects) {
        return objects.databases().stream()
                .flatMap(database -> database.publications().stream().map(name -> database.database() + "." + name))
                .toList();
    }

    private static CheckResult judge(
            Map<String, Setting> standby, Known<Map<String, Setting>> primary, List<String> publications) {
        String here = Compared.text(standby, "wal_level");
        String there = primary.value()
                .map(settings -> Compared.text(settings, "wal_level"))
                .orElse("");
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_settings.wal_level",
                        here + " here" + (there.isEmpty() ? "" : ", " + there + " on the primary"));
        if (!publications.isEmpty()) {
            result.seen("pg_publication", String.join(", ", publications));
        }
        boolean needed = there.equals(LOGICAL) || there.isEmpty() && !publications.isEmpty();
        if (needed && !here.equals(LOGICAL)) {
            return result.fail(
                    "wal_level is %s: nothing that is published could be decoded any more".formatted(here),
                    "On the standby: ALTER SYSTEM SET wal_level = 'logical'; then restart it");
        }
        return result.pass(
                publications.isEmpty()
                        ? "Nothing is published"
                        : "%d publication%s can go on being decoded"
                                .formatted(publications.size(), publications.size() == 1 ? "" : "s"));
    }
}
