package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.List;

/**
 * A backup that {@code backup begin} started on this machine and nobody ended: its keeper died or gave up and its slot may
 * be left on the primary, or it has been open for more than half of its time.
 */
public final class BackupLeftRule implements Rule {
    private static final String ID = "backup-left";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.bundles(facts).stream()
                .filter(bundle -> isLeft(facts, bundle))
                .map(bundle -> finding(facts, bundle))
                .toList();
    }

    /** A slot that the primary does not have any more is not left. */
    static boolean isLeft(Facts facts, BundleFacts bundle) {
        boolean gone = View.primary(facts)
                .filter(primary -> primary.slots().isKnown())
                .filter(primary -> primary.slot(bundle.slot()).isEmpty())
                .isPresent();
        return (bundle.slotLeft() && !gone) || bundle.isForgotten(facts.examinedAt());
    }

    private static Finding finding(Facts facts, BundleFacts bundle) {
        Finding.Builder finding = Finding.warning(ID, "backup \"" + bundle.path() + "\"")
                .seen(
                        bundle.path(),
                        "begun at %s, %s%s"
                                .formatted(
                                        bundle.beganAt(),
                                        bundle.condition(),
                                        bundle.problem().isEmpty() ? "" : ": " + bundle.problem()))
                .seen(SlotView.named(facts, bundle.slot()).map(SlotView::sign));
        if (bundle.isOpen()) {
            finding.remedy(Remedy.byHand(
                    "end-backup",
                    "If what was cloned is wanted, end the backup",
                    "understudy backup end --bundle " + ShellQuote.quote(bundle.path()),
                    Cost.SECONDS));
        }
        finding.remedy(Remedy.byHand(
                "drop-backup",
                bundle.isOpen() ? "If not, give it up" : "Clear it away; what was cloned during it is worthless",
                "understudy backup drop --bundle " + ShellQuote.quote(bundle.path()),
                Cost.SECONDS));
        return finding.says(
                bundle.isOpen()
                        ? "A backup that \"backup begin\" started is open since %s, and is given up at %s"
                                .formatted(bundle.beganAt(), bundle.limitAt())
                        : "A backup that \"backup begin\" started is over without an end, and its slot \"%s\" may be left"
                                .formatted(bundle.slot()));
    }
}
