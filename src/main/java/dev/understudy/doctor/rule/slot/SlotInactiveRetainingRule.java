package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import java.util.List;
import java.util.Optional;

/** A slot that nobody uses and that keeps WAL until the primary's disk is full. */
public final class SlotInactiveRetainingRule implements Rule {
    private static final String ID = "slot-inactive-retaining";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return SlotView.all(facts).stream()
                .filter(view -> !view.slot().active() && !view.isInvalidated())
                .filter(view -> retained(view) >= MUCH_BYTES)
                .map(SlotInactiveRetainingRule::finding)
                .toList();
    }

    private static long retained(SlotView view) {
        return view.slot()
                .restartLsn()
                .flatMap(restart -> view.primary().end().map(end -> end.minus(restart)))
                .orElse(0L);
    }

    private static Finding finding(SlotView view) {
        String limit = view.primary()
                .setting("max_slot_wal_keep_size")
                .map(value -> value.equals("-1") ? "unlimited" : value + " MB")
                .orElse("unlimited before 13");
        return Finding.warning(ID, view.subject())
                .seen(Optional.of(view.sign()))
                .seen("WAL kept for it", "%d MB; max_slot_wal_keep_size is %s".formatted(retained(view) >> 20, limit))
                .seen(view.slot()
                        .inactiveSince()
                        .map(time -> new Sign("pg_replication_slots of the primary", "inactive since " + time)))
                .seen("free space of the primary", "cannot be seen through SQL, so when its disk is full is not known")
                .remedy(Remedy.byHand(
                        "start-its-user",
                        "Start what uses the slot; it goes on where it was",
                        "pg_ctl start, on the standby that has primary_slot_name = '%s'"
                                .formatted(view.slot().name()),
                        Cost.SECONDS))
                .remedy(Remedy.byHand(
                                "drop-slot",
                                "If nothing needs it any more, drop it",
                                "SELECT pg_drop_replication_slot('%s');"
                                        .formatted(view.slot().name().replace("'", "''")),
                                Cost.SECONDS)
                        .losingData())
                .says("Nobody uses slot \"%s\", for which the primary keeps %d MB of WAL"
                        .formatted(view.slot().name(), retained(view) >> 20));
    }

    private static final long MUCH_BYTES = 512L << 20;
}
