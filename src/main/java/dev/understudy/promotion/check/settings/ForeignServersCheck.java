package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.survey.DatabaseObjects.ForeignServer;
import dev.understudy.server.survey.ObjectSurvey;
import java.util.ArrayList;
import java.util.List;

/** Foreign servers, which must be reachable from the new primary's host and admit it. */
public final class ForeignServersCheck implements PromotionCheck {
    private static final String ID = "foreign-servers";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.settings().standbyServer().objects(), ForeignServersCheck::judge);
    }

    private static CheckResult judge(ObjectSurvey objects) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<String> names = new ArrayList<>();
        objects.databases()
                .forEach(database -> database.foreignServers().forEach(server -> {
                    names.add(database.database() + "." + server.name());
                    result.seen("pg_foreign_server", describe(database.database(), server));
                }));
        objects.notSeen().forEach(name -> result.seen("not looked into", "database " + name));
        if (names.isEmpty()) {
            return result.seen(
                            "pg_foreign_server",
                            "none in %d databases".formatted(objects.databases().size()))
                    .pass("There is no foreign server");
        }
        return result.warn(
                "%d foreign server%s be reached from the new primary's host: %s"
                        .formatted(names.size(), names.size() == 1 ? " must" : "s must", String.join(", ", names)),
                "Try from the standby, which may read foreign tables: SELECT 1 FROM a foreign table of each LIMIT 1;");
    }

    private static String describe(String database, ForeignServer server) {
        return "\"%s\" in database \"%s\" through %s%s"
                .formatted(
                        server.name(),
                        database,
                        server.wrapper(),
                        server.place().isEmpty() ? "" : ": " + server.place());
    }
}
