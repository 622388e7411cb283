package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A slot that keeps WAL for clones of a backup that was ended, and no clone streams: nobody else watches it. */
public final class BundleSlotUnusedRule implements Rule {
    private static final String ID = "bundle-slot-unused";

    /** So long it may take until a clone is sealed and started, unless much WAL is kept meanwhile. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final long MUCH_BYTES = 512L << 20;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.bundles(facts).stream()
                .filter(bundle -> isUnused(facts, bundle))
                .map(bundle -> finding(facts, bundle))
                .toList();
    }

    /** Whether the finding is about this backup's slot. */
    static boolean isUnused(Facts facts, BundleFacts bundle) {
        Optional<SlotView> slot = bundle.isComplete() ? unused(facts, bundle) : Optional.empty();
        return slot.filter(view -> since(facts, bundle).compareTo(PATIENCE) >= 0 || view.retainedBytes() >= MUCH_BYTES)
                .isPresent();
    }

    private static Duration since(Facts facts, BundleFacts bundle) {
        return Duration.between(bundle.endedAt().orElseThrow(), facts.examinedAt());
    }

    private static Finding finding(Facts facts, BundleFacts bundle) {
        SlotView slot = unused(facts, bundle).orElseThrow();
        Duration since = since(facts, bundle);
        String path = ShellQuote.quote(bundle.path());
        return Finding.warning(ID, slot.subject())
                .seen(Optional.of(slot.sign()))
                .seen("WAL kept for it", "%d MB".formatted(slot.retainedBytes() >> 20))
                .seen(bundle.path(), "ended at %s".formatted(bundle.endedAt().orElseThrow()))
                .remedy(Remedy.byHand(
                        "seal-and-start",
                        "Seal a clone of that backup, and start it",
                        "understudy seal --bundle " + path + " -D "
                                + ShellQuote.quote(facts.given().dataDirectoryOrWord()),
                        Cost.SECONDS))
                .remedy(Remedy.byHand(
                        "drop-backup",
                        "If none of its clones is needed, give it up",
                        "understudy backup drop --bundle " + path,
                        Cost.SECONDS))
                .says(
                        "The primary keeps %d MB of WAL for the clones of a backup that ended %d h %d min ago, and none streams"
                                .formatted(slot.retainedBytes() >> 20, since.toHours(), since.toMinutesPart()));
    }

    /** The backup's slot on the primary, if nobody has used it: a standby that streams moves it on from the start. */
    private static Optional<SlotView> unused(Facts facts, BundleFacts bundle) {
        return SlotView.named(facts, bundle.slot())
                .filter(view -> !view.slot().active() && !view.isInvalidated())
                .filter(view -> bundle.startLsn()
                        .filter(start -> view.slot()
                                .restartLsn()
                                .filter(restart -> !start.isBefore(restart))
                                .isPresent())
                        .isPresent());
    }
}
