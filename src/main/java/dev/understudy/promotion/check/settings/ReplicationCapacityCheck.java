package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.LoadInUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Room for the senders, slots and subscription workers that the primary serves now. */
public final class ReplicationCapacityCheck implements PromotionCheck {
    private static final String ID = "replication-capacity";

    /**
     * A limit, and how much of it the primary uses.
     *
     * @param what for people: {@code 3 replication slots}
     */
    private record Demand(String setting, long used, String what) {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby(),
                view -> CheckResult.of(
                        ID,
                        facts.settings().standby(),
                        facts.settings().primary(),
                        (standby, primary) -> CheckResult.of(
                                ID,
                                facts.settings().primaryServer().load(),
                                load -> judge(
                                        standby,
                                        primary,
                                        demands(load, view.identity().version().major())))));
    }

    /** From 12 on a standby with fewer senders than its primary does not replay, which is another check's. */
    private static List<Demand> demands(LoadInUse load, ServerMajor major) {
        List<Demand> demands = new ArrayList<>();
        if (!major.isAtLeast(ServerMajor.V12)) {
            demands.add(new Demand("max_wal_senders", load.walSenders(), load.walSenders() + " WAL senders"));
        }
        demands.add(new Demand("max_replication_slots", load.slots(), load.slots() + " replication slots"));
        demands.add(new Demand(
                "max_logical_replication_workers", load.subscriptions(), load.subscriptions() + " subscriptions"));
        return demands;
    }

    private static CheckResult judge(Map<String, Setting> standby, Map<String, Setting> primary, List<Demand> demands) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<String> tooFew = new ArrayList<>();
        List<String> lower = new ArrayList<>();
        for (Demand demand : demands) {
            OptionalLong found = Compared.number(standby, demand.setting());
            OptionalLong wanted = Compared.number(primary, demand.setting());
            if (found.isEmpty() || wanted.isEmpty()) {
                continue;
            }
            result.seen(
                    "pg_settings." + demand.setting(),
                    "%d here, %d on the primary, which has %s"
                            .formatted(found.getAsLong(), wanted.getAsLong(), demand.what()));
            if (found.getAsLong() < demand.used()) {
                tooFew.add(demand.setting());
            } else if (found.getAsLong() < wanted.getAsLong()) {
                lower.add(demand.setting());
            }
        }
        if (!tooFew.isEmpty()) {
            return result.fail(
                    "The standby has no room for what the primary serves: " + String.join(", ", tooFew),
                    remedy(tooFew, primary));
        }
        return lower.isEmpty()
                ? result.pass("The standby has room for what the primary serves")
                : result.warn(
                        "The standby has room for what the primary serves now, but less than the primary: "
                                + String.join(", ", lower),
                        remedy(lower, primary));
    }

    private static String remedy(List<String> names, Map<String, Setting> primary) {
        StringBuilder commands = new StringBuilder("On the standby: ");
        names.forEach(
                name -> commands.append("ALTER SYSTEM SET %s = %s; ".formatted(name, Compared.text(primary, name))));
        return commands.append("then restart it").toString();
    }
}
