package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A check that the slot's name is one PostgreSQL takes, and that no other standby uses a slot of that name. */
@CheckInfo(id = SlotNameCheck.ID, summary = "The slot's name is valid and not taken")
public final class SlotNameCheck implements PreflightCheck {
    public static final String ID = "slot-name";

    /** Source: {@code ReplicationSlotValidateName} in {@code src/backend/replication/slot.c}. */
    private static final Pattern VALID = Pattern.compile("[a-z0-9_]{1,63}");

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isEmpty()) {
            return skipped("the plan uses no slot");
        }
        String name = facts.intent().slot().get();
        if (!VALID.matcher(name).matches()) {
            return fail("\"%s\" cannot be the name of a replication slot", name)
                    .hint("A slot's name is 1 to 63 lower case letters, digits and underscores.");
        }
        return facts.primary()
                .match(
                        primary -> primary.wal().slots().match(slots -> judge(facts, slots, name), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, List<ReplicationSlot> slots, String name) {
        Optional<ReplicationSlot> taken =
                slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
        if (taken.isEmpty()) {
            return pass("no slot has the name \"%s\" yet", name);
        }
        ReplicationSlot slot = taken.get();
        PreflightResult result = judgeTaken(facts, slot);
        return result.seen(
                "slot \"%s\": %s, %s, restart_lsn %s%s"
                        .formatted(
                                name,
                                slot.type(),
                                slot.active() ? "active (pid " + pid(slot) + ")" : "inactive",
                                slot.restartLsn().map(Object::toString).orElse("none"),
                                slot.walStatus()
                                        .map(status -> ", wal_status " + status)
                                        .orElse("")),
                "pg_replication_slots");
    }

    private PreflightResult judgeTaken(PreflightFacts facts, ReplicationSlot slot) {
        String name = slot.name();
        if (!slot.isPhysical()) {
            return fail("the slot \"%s\" exists and is a logical one", name).hint("Choose another slot name.");
        }
        if (slot.active()) {
            return fail("the slot \"%s\" is in use by another standby (pid %d on the primary)", name, pid(slot))
                    .hint("Choose another slot name; a slot serves one standby.");
        }
        if (facts.intent().target().ours()) {
            return pass("the slot \"%s\" is this run's own", name);
        }
        if (!facts.intent().target().existing()) {
            return fail("the slot \"%s\" exists already and may be another standby's", name)
                    .hint("Choose another slot name.")
                    .hint("If nothing needs it, drop it with: SELECT pg_drop_replication_slot('%s');", name);
        }
        if (slot.walStatus().equals(Optional.of("lost"))) {
            return fail("the slot \"%s\" has lost WAL and can never be used again", name)
                    .hint("Drop it, the run makes a new one: SELECT pg_drop_replication_slot('%s');", name);
        }
        return pass("the slot \"%s\" is inactive and is used again for this standby", name);
    }

    /** 0 where the server does not tell. */
    private static long pid(ReplicationSlot slot) {
        return slot.activePid().orElse(0);
    }
}
