package dev.understudy.promotion.check.settings;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlSettings;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Settings that must be at least the primary's, or the standby stops replaying (from 14 on) or does not start.
 *
 * <p>Source: {@code CheckRequiredParameterValues} in {@code src/backend/access/transam/xlogrecovery.c}.
 */
public final class ParametersMinimumCheck implements PromotionCheck {
    private static final String ID = "parameters-minimum";

    private static final List<String> ALWAYS = List.of(
            "max_connections", "max_locks_per_transaction", "max_prepared_transactions", "max_worker_processes");

    private static final String FROM_12 = "max_wal_senders";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        Known<Map<String, Long>> wanted = facts.settings().primary().isKnown()
                ? facts.settings().primary().map(ParametersMinimumCheck::ofPrimary)
                : facts.control().map(ControlFile::settings).map(ParametersMinimumCheck::ofControl);
        String source = facts.settings().primary().isKnown() ? "the primary" : "pg_control of the standby";
        return CheckResult.of(ID, facts.standby(), view -> {
            ServerMajor major = view.identity().version().major();
            return CheckResult.of(
                    ID, facts.settings().standby(), wanted, (found, least) -> judge(found, least, major, source));
        });
    }

    private static Map<String, Long> ofPrimary(Map<String, Setting> primary) {
        Map<String, Long> wanted = new LinkedHashMap<>();
        ALWAYS.forEach(name -> Compared.number(primary, name).ifPresent(value -> wanted.put(name, value)));
        Compared.number(primary, FROM_12).ifPresent(value -> wanted.put(FROM_12, value));
        return wanted;
    }

    /** The primary's values when it wrote the WAL that was replayed last. */
    private static Map<String, Long> ofControl(ControlSettings control) {
        Map<String, Long> wanted = new LinkedHashMap<>();
        wanted.put("max_connections", (long) control.maxConnections());
        wanted.put("max_locks_per_transaction", (long) control.maxLocksPerTransaction());
        wanted.put("max_prepared_transactions", (long) control.maxPreparedTransactions());
        wanted.put("max_worker_processes", (long) control.maxWorkerProcesses());
        control.maxWalSenders().ifPresent(value -> wanted.put(FROM_12, (long) value));
        return wanted;
    }

    private static CheckResult judge(
            Map<String, Setting> standby, Map<String, Long> least, ServerMajor major, String source) {
        CheckResult.Builder result = CheckResult.builder(ID);
        StringBuilder low = new StringBuilder();
        StringBuilder commands = new StringBuilder();
        least.forEach((name, wanted) -> {
            OptionalLong found = Compared.number(standby, name);
            if (found.isEmpty() || name.equals(FROM_12) && !major.isAtLeast(ServerMajor.V12)) {
                return;
            }
            result.seen("pg_settings." + name, "%d here, %d on %s".formatted(found.getAsLong(), wanted, source));
            if (found.getAsLong() < wanted) {
                low.append(low.isEmpty() ? "" : ", ").append(name);
                commands.append("ALTER SYSTEM SET %s = %d; ".formatted(name, wanted));
            }
        });
        return low.isEmpty()
                ? result.pass("No setting is below what the primary's WAL asks for")
                : result.fail(
                        "Settings are below the primary's, so replay stops or the next start fails: " + low,
                        "On the standby: " + commands + "then restart it");
    }
}
