package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A setting that makes logical decoding wait for a slot that is not in use. */
public final class SynchronizedSlotsRule implements Rule {
    private static final String ID = "synchronized-standby-slots-blocked";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<String> names = View.primary(facts)
                .flatMap(view -> view.setting("synchronized_standby_slots"))
                .filter(value -> !value.isBlank());
        if (names.isEmpty() || !View.primary(facts).get().slots().isKnown()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (String name : names.get().replace("\"", "").split("\\s*,\\s*")) {
            Optional<ReplicationSlot> slot = View.primary(facts).get().slot(name.strip());
            boolean blocked =
                    slot.isEmpty() || !slot.get().active() || !slot.get().isPhysical();
            if (blocked) {
                findings.add(Finding.warning(ID, "primary")
                        .seen("synchronized_standby_slots of the primary", names.get())
                        .seen(
                                "pg_replication_slots of the primary",
                                slot.map(found -> "\"%s\" is %s"
                                                .formatted(name, found.isPhysical() ? "inactive" : "logical"))
                                        .orElse("there is no \"%s\"".formatted(name)))
                        .remedy(Remedy.byHand(
                                "correct-synchronized-slots",
                                "Start the standby that uses the slot, or take the name out",
                                "ALTER SYSTEM SET synchronized_standby_slots = '%s'; SELECT pg_reload_conf();"
                                        .formatted(without(names.get(), name)),
                                Cost.SECONDS))
                        .says("Logical decoding on the primary waits for slot \"%s\", which is not in use"
                                .formatted(name)));
            }
        }
        return findings;
    }

    private static String without(String names, String name) {
        return Stream.of(names.split(","))
                .map(String::strip)
                .filter(each -> !each.replace("\"", "").equals(name))
                .collect(Collectors.joining(", "));
    }
}
