package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import java.util.List;

/** A check for unlogged tables: they are empty on a standby, and after a promotion. */
@CheckInfo(id = "unlogged-tables", summary = "No unlogged tables whose contents the standby cannot have")
public final class UnloggedTablesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .flatMap(primary -> primary.contents().unloggedTables())
                .match(this::judge, this::skipped);
    }

    private PreflightResult judge(List<String> tables) {
        if (tables.isEmpty()) {
            return pass("no unlogged tables were found");
        }
        String shown = String.join(", ", tables.subList(0, Math.min(3, tables.size())));
        return warn(
                        "%s%d unlogged table%s will be empty after a promotion: %s%s",
                        tables.size() >= 20 ? "at least " : "",
                        tables.size(),
                        tables.size() == 1 ? "" : "s",
                        shown,
                        tables.size() > 3 ? " and others" : "")
                .seen("relpersistence = u", "pg_class")
                .hint("To keep a table's rows on the standby run on the primary: ALTER TABLE … SET LOGGED;");
    }
}
