package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.survey.ServerSurvey;
import java.util.List;

/** A check that max_replication_slots leaves room for the standby's slot, unless it exists already. */
@CheckInfo(id = "replication-slots", summary = "A replication slot is free for the standby")
public final class ReplicationSlotsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isEmpty()) {
            return skipped("the plan uses no slot");
        }
        String name = facts.intent().slot().get();
        return facts.primary()
                .match(
                        primary -> primary.wal().slots().match(slots -> judge(primary, slots, name), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(ServerSurvey primary, List<ReplicationSlot> slots, String name) {
        if (slots.stream().anyMatch(slot -> slot.name().equals(name))) {
            return pass("the slot \"%s\" exists already; no further one is needed", name);
        }
        long most = primary.settings().number("max_replication_slots").orElse(0L);
        long free = most - slots.size();
        if (free > 0) {
            return pass("%d of %d replication slots are free", free, most);
        }
        PreflightResult result = fail("all %d replication slots of the primary are in use", most);
        for (ReplicationSlot slot : slots) {
            result = result.seen(
                    "slot \"%s\" is %s".formatted(slot.name(), slot.active() ? "active" : "inactive"),
                    "pg_replication_slots");
        }
        List<String> drops = slots.stream()
                .filter(slot -> !slot.active())
                .map(slot -> "If nothing needs the slot \"%s\" any more: SELECT pg_drop_replication_slot('%s');"
                        .formatted(slot.name(), slot.name()))
                .toList();
        return result.hints(drops)
                .hint("Or on the primary run: ALTER SYSTEM SET max_replication_slots = %d; then restart it.", most + 4);
    }
}
