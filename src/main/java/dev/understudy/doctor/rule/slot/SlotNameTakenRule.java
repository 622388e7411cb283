package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A slot that somebody else uses. */
public final class SlotNameTakenRule implements Rule {
    private static final String ID = "slot-name-taken";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.unresolved(facts, "slot-active")
                .map(event -> List.of(Finding.error(ID, "slot \"" + event.value(0) + "\"")
                        .seen(Optional.of(View.sign(facts, event)))
                        .seen(SlotView.holder(facts, event)
                                .map(sender -> new Sign("pg_stat_replication of the primary", sender.describe())))
                        .remedy(Remedy.byHand(
                                "own-slot", "Give this standby a slot of its own", SlotView.ownSlot(), Cost.SECONDS))
                        .says("Slot \"%s\" is in use by process %s of the primary, so the standby cannot have it"
                                .formatted(event.value(0), event.value(1)))))
                .orElse(List.of());
    }
}
