package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;

/** Somebody who may promote: the role of the connection string through SQL, or the server's account by pg_ctl. */
public final class PromotePermissionCheck implements PromotionCheck {
    private static final String ID = "promote-permission";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standbyServer().mayPromote(),
                may -> may.map(PromotePermissionCheck::throughSql)
                        .orElseGet(() -> throughShell(facts.directory().map(directory -> directory.path()))));
    }

    private static CheckResult throughSql(boolean may) {
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("has_function_privilege('pg_promote(boolean,integer)')", may ? "true" : "false");
        return may
                ? result.pass("The role may call pg_promote()")
                : result.warn(
                        "The role of the connection string may not call pg_promote()",
                        "On the primary: GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO the role; or promote"
                                + " with pg_ctl as the server's account");
    }

    private static CheckResult throughShell(Known<String> directory) {
        CheckResult.Builder result = CheckResult.builder(ID).seen("pg_promote()", "not before PostgreSQL 12");
        return directory.match(
                path -> result.seen("data directory", path + " can be reached")
                        .pass("pg_ctl -D %s promote, as the server's account, promotes it".formatted(path)),
                reason -> result.seen("data directory", reason)
                        .warn(
                                "This major is promoted on its own host only, which was not looked at",
                                "Make sure that you can run there, as the server's account: pg_ctl -D DATADIR promote"));
    }
}
