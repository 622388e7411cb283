package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.WalSegment;
import java.util.List;
import java.util.Optional;

/**
 * A slot whose WAL is not on the primary any more, whatever its wal_status says: who depends on it can never go on
 * through it.
 */
public final class SlotWalRemovedRule implements Rule {
    private static final String ID = "slot-wal-removed";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return SlotView.all(facts).stream()
                .filter(view -> !view.isInvalidated() && !view.slot().active() && !view.isReceiverServed())
                .filter(view -> view.hasItsWal().map(there -> !there).orElse(false))
                .map(SlotWalRemovedRule::finding)
                .toList();
    }

    private static Finding finding(SlotView view) {
        String segment = view.restartSegment().map(WalSegment::name).orElse("");
        Builder finding = Finding.error(ID, view.subject())
                .seen(Optional.of(view.sign()))
                .seen(
                        "pg_ls_waldir() of the primary",
                        "%s is not there; the oldest is %s"
                                .formatted(segment, view.oldestOnPrimary().orElse("none")))
                .seen(View.event(view.facts(), "wal-segment-removed").map(event -> View.sign(view.facts(), event)));
        view.facts()
                .receiver()
                .value()
                .flatMap(SegmentDirectory::next)
                .ifPresent(next -> finding.seen(
                        view.facts().given().receiver().orElse("receiver"),
                        "the receiver's next request is for %s".formatted(next)));
        view.addRemedies(finding);
        return finding.says("Slot \"%s\" still exists, and the WAL it should keep, from %s on, is gone from the primary"
                .formatted(view.slot().name(), segment));
    }
}
