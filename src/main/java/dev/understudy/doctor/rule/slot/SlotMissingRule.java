package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.WalSegment;
import java.util.List;
import java.util.Optional;

/** A slot that the standby is told to use and the primary does not have. */
public final class SlotMissingRule implements Rule {
    private static final String ID = "slot-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<String> name = View.slotName(facts);
        Optional<LogEvent> event = View.unresolved(facts, "slot-missing");
        boolean absent = name.isPresent()
                && View.primary(facts)
                        .filter(view ->
                                view.slots().isKnown() && view.slot(name.get()).isEmpty())
                        .isPresent();
        if (View.isStreaming(facts) || event.isEmpty() && !absent || !absent && isThere(facts, event)) {
            return List.of();
        }
        String slot = name.or(() -> event.map(found -> found.value(0))).orElse("");
        Builder finding = Finding.error(ID, "slot \"" + slot + "\"").seen(event.map(found -> View.sign(facts, found)));
        if (absent) {
            finding.seen("pg_replication_slots of the primary", "has no slot \"" + slot + "\"");
        }
        Optional<String> gone = View.neededSegment(facts)
                .map(WalSegment::name)
                .filter(segment -> View.primary(facts)
                        .flatMap(view -> view.hasSegment(segment))
                        .filter(there -> !there)
                        .isPresent());
        if (gone.isPresent() && facts.given().dataDirectory().isPresent()) {
            return List.of(finding.seen("pg_ls_waldir() of the primary", "has no segment " + gone.get())
                    .remedy(Reseed.remedy(facts))
                    .says(
                            "The primary has no slot \"%s\", which is to be used, and not the WAL that it should have kept"
                                    .formatted(slot)));
        }
        return List.of(finding.remedy(Remedy.byHand(
                        "create-slot",
                        "Make the slot, which keeps WAL from now on; if what the standby needs is still there, it goes on",
                        "SELECT pg_create_physical_replication_slot('%s', true);".formatted(slot.replace("'", "''")),
                        Cost.SECONDS))
                .says("The primary has no slot \"%s\", which is to be used".formatted(slot)));
    }

    /** The log is older than the slot that is there now. */
    private static boolean isThere(Facts facts, Optional<LogEvent> event) {
        return event.flatMap(found -> View.primary(facts).flatMap(view -> view.slot(found.value(0))))
                .isPresent();
    }
}
