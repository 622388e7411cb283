package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import java.util.List;
import java.util.Optional;

/** A slot that the server itself has given up, since it kept more WAL than it may. */
public final class SlotLostRule implements Rule {
    private static final String ID = "slot-lost";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return SlotView.all(facts).stream()
                .filter(SlotView::isInvalidated)
                .filter(view -> !view.slot()
                        .invalidationReason()
                        .filter("idle_timeout"::equals)
                        .isPresent())
                .map(view -> {
                    Builder finding = Finding.error(ID, view.subject())
                            .seen(Optional.of(view.sign()))
                            .seen(view.primary()
                                    .setting("max_slot_wal_keep_size")
                                    .map(value -> new Sign("max_slot_wal_keep_size of the primary", value + " MB")));
                    view.addRemedies(finding);
                    view.primary()
                            .setting("max_slot_wal_keep_size")
                            .filter(value -> value.matches("[1-9]\\d{0,9}"))
                            .ifPresent(value -> finding.remedy(Remedy.byHand(
                                    "raise-slot-limit",
                                    "Raise the limit before the standby is built anew, or it happens again",
                                    "ALTER SYSTEM SET max_slot_wal_keep_size = '%dMB'; SELECT pg_reload_conf();"
                                            .formatted(2 * Long.parseLong(value)),
                                    Cost.SECONDS)));
                    return finding.says("The primary has invalidated slot \"%s\": its WAL was removed"
                            .formatted(view.slot().name()));
                })
                .toList();
    }
}
