package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import java.util.List;
import java.util.Optional;

/** A slot that 18 and newer have invalidated because nobody used it for long. */
public final class SlotIdleTimeoutRule implements Rule {
    private static final String ID = "slot-idle-timeout";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return SlotView.all(facts).stream()
                .filter(view -> view.slot()
                        .invalidationReason()
                        .filter("idle_timeout"::equals)
                        .isPresent())
                .map(view -> {
                    Builder finding = Finding.error(ID, view.subject())
                            .seen(Optional.of(view.sign()))
                            .seen(view.primary()
                                    .setting("idle_replication_slot_timeout")
                                    .map(value ->
                                            new Sign("idle_replication_slot_timeout of the primary", value + " s")))
                            .seen(view.slot()
                                    .inactiveSince()
                                    .map(time ->
                                            new Sign("pg_replication_slots of the primary", "inactive since " + time)));
                    view.addRemedies(finding);
                    return finding.says("The primary has invalidated slot \"%s\", since nobody used it for long"
                            .formatted(view.slot().name()));
                })
                .toList();
    }
}
