package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Logical slots of the primary that the new primary has too. A standby does not have them, but from 17 on those that were
 * made with failover and that a worker has copied for good; the consumers of all others break, and are named.
 */
public final class LogicalSlotsCheck implements PromotionCheck {
    private static final String ID = "logical-slots";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby(),
                standby -> CheckResult.of(ID, standby.slots(), here -> {
                    Known<List<ReplicationSlot>> there = facts.primary().flatMap(ServerView::slots);
                    ServerMajor major = standby.identity().version().major();
                    return there.isKnown()
                            ? judge(logical(here), logical(there.orElse(List.of())), facts.primary(), major)
                            : alone(logical(here), there.reason(), major);
                }));
    }

    private static List<ReplicationSlot> logical(List<ReplicationSlot> slots) {
        return slots.stream()
                .filter(slot -> !slot.isPhysical() && !isTransient(slot))
                .toList();
    }

    /** A temporary slot of a session, which ends with it; one that is being copied is temporary too, and is not. */
    private static boolean isTransient(ReplicationSlot slot) {
        return slot.temporary() && !slot.synced().orElse(false);
    }

    /** Without the primary nobody knows which are missing, only which of those that are here are not ready. */
    private static CheckResult alone(List<ReplicationSlot> here, String reason, ServerMajor major) {
        if (!major.isAtLeast(ServerMajor.V17)) {
            return CheckResult.skipped(ID, reason);
        }
        List<ReplicationSlot> broken = here.stream()
                .filter(slot -> slot.synced().orElse(false) && !isReady(slot))
                .toList();
        if (here.isEmpty()) {
            return CheckResult.skipped(ID, reason);
        }
        CheckResult.Builder result = CheckResult.builder(ID).seen("primary", reason);
        here.forEach(slot -> result.seen("pg_replication_slots of the standby", describe(slot)));
        return broken.isEmpty()
                ? result.pass("The failover slots that the standby has are ready; whether it has all is not known")
                : unready(result, broken);
    }

    private static CheckResult judge(
            List<ReplicationSlot> here, List<ReplicationSlot> there, Known<ServerView> primary, ServerMajor major) {
        CheckResult.Builder result = CheckResult.builder(ID);
        if (there.isEmpty()) {
            return result.seen("pg_replication_slots of the primary", "no logical slot")
                    .pass("The primary has no logical slot to lose");
        }
        List<ReplicationSlot> lost = new ArrayList<>();
        List<ReplicationSlot> unready = new ArrayList<>();
        for (ReplicationSlot slot : there) {
            Optional<ReplicationSlot> copy = here.stream()
                    .filter(other -> other.name().equals(slot.name()))
                    .filter(other -> other.synced().orElse(false))
                    .findFirst();
            result.seen(
                    "pg_replication_slots",
                    "%s%s: %s"
                            .formatted(
                                    describe(slot),
                                    consumer(slot, primary),
                                    copy.map(found -> isReady(found) ? "synchronized here" : "not ready here")
                                            .orElse("not here")));
            if (copy.filter(LogicalSlotsCheck::isReady).isEmpty()) {
                (slot.failover().orElse(false) ? unready : lost).add(slot);
            }
        }
        if (!unready.isEmpty()) {
            return unready(result, unready);
        }
        return lost.isEmpty()
                ? result.pass("All logical slots are synchronized and will go on here")
                : result.warn(
                        "%d logical slot%s not be on the new primary, and the consumers break: %s"
                                .formatted(lost.size(), lost.size() == 1 ? " will" : "s will", names(lost)),
                        major.isAtLeast(ServerMajor.V17)
                                ? "Make them failover slots (ALTER SUBSCRIPTION … SET (failover = true)) and set"
                                        + " sync_replication_slots = on on the standby; or build the consumers anew afterwards"
                                : "Stop the consumers before the promotion when they have everything; afterwards make the"
                                        + " slots anew and have the consumers start from there");
    }

    private static CheckResult unready(CheckResult.Builder result, List<ReplicationSlot> slots) {
        return result.fail(
                "Failover slots are not synchronized to the standby, so their consumers would break: " + names(slots),
                "On the standby: sync_replication_slots = on, hot_standby_feedback = on, primary_slot_name, and dbname"
                        + " in primary_conninfo; or once: SELECT pg_sync_replication_slots();");
    }

    /** Kept for good, and valid. */
    private static boolean isReady(ReplicationSlot slot) {
        return !slot.temporary()
                && slot.invalidationReason().filter(reason -> !reason.isEmpty()).isEmpty();
    }

    private static String names(List<ReplicationSlot> slots) {
        return String.join(", ", slots.stream().map(ReplicationSlot::name).toList());
    }

    private static String describe(ReplicationSlot slot) {
        return "\"%s\" (%s, database \"%s\"%s)"
                .formatted(
                        slot.name(),
                        slot.plugin(),
                        slot.database(),
                        slot.failover().orElse(false) ? ", failover" : "");
    }

    /** Who reads from it now. */
    private static String consumer(ReplicationSlot slot, Known<ServerView> primary) {
        return primary.flatMap(ServerView::senders).orElse(List.of()).stream()
                .filter(sender ->
                        slot.activePid().isPresent() && slot.activePid().getAsLong() == sender.pid())
                .findFirst()
                .map(sender -> ", read by " + sender.describe())
                .orElse("");
    }
}
