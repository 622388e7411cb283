package dev.understudy.promotion.check.around;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.CatchUp;
import dev.understudy.promotion.facts.Downstream;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Other standbys that could follow the new primary. */
public final class DownstreamCanFollowCheck implements PromotionCheck {
    private static final String ID = "downstream-can-follow";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return facts.downstreams().isEmpty()
                ? CheckResult.skipped(ID, "no --downstream given")
                : CheckResult.of(
                        ID, facts.standby(), facts.stream().catchUp(), (standby, own) -> judge(facts, standby, own));
    }

    private static CheckResult judge(PromotionFacts facts, ServerView standby, CatchUp own) {
        Builder result = CheckResult.builder(ID);
        List<String> obstacles = new ArrayList<>();
        List<String> unsure = new ArrayList<>();
        Set<String> slots = new TreeSet<>();
        for (Downstream downstream : facts.downstreams()) {
            Optional<ServerView> view = downstream.view().value();
            if (view.isEmpty()) {
                result.seen(downstream.conninfo(), downstream.view().reason());
                unsure.add(downstream.conninfo() + " could not be asked");
            } else {
                obstacles(downstream.conninfo(), view.get(), standby, own.end(), result, obstacles);
                view.get()
                        .receiver()
                        .value()
                        .flatMap(found -> found)
                        .map(receiver -> receiver.slot())
                        .filter(slot -> !slot.isEmpty()
                                && standby.slot(slot)
                                        .filter(ReplicationSlot::isPhysical)
                                        .isEmpty())
                        .ifPresent(slots::add);
            }
        }
        if (!obstacles.isEmpty()) {
            return result.fail(
                    obstacles.get(0),
                    "Mend that standby's configuration, or plan to seed it anew: understudy run reseed");
        }
        if (!slots.isEmpty()) {
            return result.seen("pg_replication_slots of the standby", "has no slot " + String.join(", ", slots))
                    .warn(
                            "%d slots that downstream standbys use are not there: %s"
                                    .formatted(slots.size(), String.join(", ", slots)),
                            slots.stream()
                                    .map(slot -> "SELECT pg_create_physical_replication_slot('%s', true);"
                                            .formatted(slot.replace("'", "''")))
                                    .collect(Collectors.joining("\n")));
        }
        return unsure.isEmpty()
                ? result.pass("All downstream standbys could follow")
                : result.warn("Of a downstream standby it is not sure: " + unsure.get(0), "See to it by hand");
    }

    private static void obstacles(
            String name, ServerView view, ServerView standby, Lsn own, Builder result, List<String> obstacles) {
        Optional<Lsn> end = view.end();
        result.seen(
                name,
                "has WAL up to %s, timeline %s"
                        .formatted(
                                end.map(Lsn::toString).orElse("nowhere"),
                                view.identity().timeline()));
        if (!view.identity().inRecovery()) {
            obstacles.add("Downstream %s is not in recovery".formatted(name));
        } else if (!view.identity().systemIdentifier().equals(standby.identity().systemIdentifier())) {
            obstacles.add("Downstream %s is of another cluster".formatted(name));
        } else if (end.filter(own::isBefore).isPresent()) {
            obstacles.add("Downstream %s has %d bytes of WAL that this standby has not"
                    .formatted(name, end.get().minus(own)));
        } else if (!view.identity().version().major().isAtLeast(ServerMajor.V12)) {
            // recovery_target_timeline is in recovery.conf, where SQL does not see it.
            result.seen(name, "recovery_target_timeline is in its recovery.conf, which SQL does not show");
        } else if (!view.setting("recovery_target_timeline").orElse("latest").equals("latest")) {
            result.seen(
                    name,
                    "recovery_target_timeline = "
                            + view.setting("recovery_target_timeline").orElse(""));
            obstacles.add("Downstream %s would not go on to the new timeline: recovery_target_timeline is not latest"
                    .formatted(name));
        }
    }
}
