package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.NewBaseBackup;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.slots.ReplicationSlot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The physical slot that the standby or the receiver uses, as the primary has it.
 *
 * @param facts what was seen
 * @param slot the slot
 * @param primary the server that has it
 */
record SlotView(Facts facts, ReplicationSlot slot, ServerView primary) {
    /** The slot that was asked about, or that the standby is told to use; empty if the primary has none of that name. */
    static Optional<SlotView> find(Facts facts) {
        return View.primary(facts)
                .flatMap(primary ->
                        View.slotName(facts).flatMap(primary::slot).map(slot -> new SlotView(facts, slot, primary)));
    }

    /** A physical slot of that name on the primary. */
    static Optional<SlotView> named(Facts facts, String name) {
        return all(facts).stream()
                .filter(view -> view.slot().name().equals(name))
                .findFirst();
    }

    /** WAL that the primary keeps for it, as far as can be told. */
    long retainedBytes() {
        return slot.restartLsn()
                .flatMap(restart -> primary.end().map(end -> end.minus(restart)))
                .orElse(0L);
    }

    /** All physical slots of the primary. */
    static List<SlotView> all(Facts facts) {
        return View.primary(facts)
                .map(primary -> primary.slots().orElse(List.of()).stream()
                        .filter(ReplicationSlot::isPhysical)
                        .map(slot -> new SlotView(facts, slot, primary))
                        .toList())
                .orElse(List.of());
    }

    /** Who has the slot that a message says is active, if that is a sender of WAL. */
    static Optional<WalSender> holder(Facts facts, LogEvent slotActive) {
        return View.primary(facts)
                .flatMap(view -> view.senders().value())
                .flatMap(senders -> senders.stream()
                        .filter(sender -> Integer.toString(sender.pid()).equals(slotActive.value(1)))
                        .findFirst());
    }

    static String ownSlot() {
        return "SELECT pg_create_physical_replication_slot('NAME', true);  -- and primary_slot_name = 'NAME'";
    }

    String subject() {
        return "slot \"" + slot.name() + "\"";
    }

    /** Whether the server has invalidated it, by the columns of 13 and 17. */
    boolean isInvalidated() {
        return slot.walStatus().filter("lost"::equals).isPresent()
                || slot.invalidationReason().isPresent();
    }

    /** The segment that its restart_lsn lies in, on the primary's timeline. */
    Optional<WalSegment> restartSegment() {
        return slot.restartLsn()
                .map(lsn -> WalSegment.containing(
                        primary.identity().timeline(), lsn, primary.identity().walSegmentSize()));
    }

    /**
     * Whether that segment is really there, on whatever timeline; empty if the WAL directory could not be listed. What
     * the slot says of itself is not believed.
     */
    Optional<Boolean> hasItsWal() {
        return restartSegment()
                .flatMap(segment -> primary.walFiles()
                        .value()
                        .map(files -> files.stream()
                                .anyMatch(file -> WalSegment.isName(file.name())
                                        && file.name()
                                                .substring(8)
                                                .equals(segment.name().substring(8)))));
    }

    /** Whether the receiver that uses the slot asks for WAL that the primary has: then it needs nothing older. */
    boolean isReceiverServed() {
        return facts.given().slot().filter(slot.name()::equals).isPresent()
                && facts.receiver()
                        .value()
                        .flatMap(SegmentDirectory::next)
                        .flatMap(segment -> primary.hasSegment(segment.name()))
                        .orElse(false);
    }

    /** The oldest segment that the primary still has. */
    Optional<String> oldestOnPrimary() {
        return primary.walFiles()
                .value()
                .flatMap(files -> files.stream()
                        .map(file -> file.name())
                        .filter(WalSegment::isName)
                        .min(Comparator.comparing(name -> name.substring(8))));
    }

    Sign sign() {
        return new Sign(
                "pg_replication_slots of the primary",
                "\"%s\": %s, restart_lsn %s%s%s"
                        .formatted(
                                slot.name(),
                                slot.active() ? "active" : "inactive",
                                slot.restartLsn().map(Lsn::toString).orElse("none"),
                                slot.walStatus()
                                        .map(status -> ", wal_status " + status)
                                        .orElse(""),
                                slot.invalidationReason()
                                        .map(reason -> ", invalidation_reason " + reason)
                                        .orElse("")));
    }

    /** Whether it is the slot of the standby that is examined, which needs it still. */
    private boolean isOfStandby() {
        return View.slotName(facts).filter(slot.name()::equals).isPresent()
                && (facts.directory().isKnown() || facts.standby().isKnown())
                && !View.isStreaming(facts);
    }

    /** A slot of the same name is enough where the primary still has what the standby needs next. */
    private void addWaysOn(Builder finding) {
        String name = slot.name().replace("'", "''");
        if (View.neededSegment(facts)
                .flatMap(segment -> primary.hasSegment(segment.name()))
                .orElse(false)) {
            finding.remedy(Remedy.byHand(
                    "renew-slot",
                    "The primary still has segment %s, which the standby goes on from: make the slot anew at once"
                            .formatted(View.neededSegment(facts).get().name()),
                    "SELECT pg_drop_replication_slot('%1$s'); SELECT pg_create_physical_replication_slot('%1$s', true);"
                            .formatted(name),
                    Cost.SECONDS));
        }
        if (facts.given().dataDirectory().isPresent()) {
            finding.remedy(Reseed.remedy(facts));
        }
        finding.remedy(Remedy.byHand(
                "drop-slot",
                "When the standby follows through another slot, drop this one",
                "SELECT pg_drop_replication_slot('%s');".formatted(name),
                Cost.SECONDS));
    }

    /** Ways out for a slot whose WAL is gone: of a receiver, or of a standby. */
    void addRemedies(Builder finding) {
        Optional<String> receiver = facts.given().receiver();
        if (receiver.isPresent()
                && facts.given().slot().filter(slot.name()::equals).isPresent()) {
            Map<String, String> parameters = new TreeMap<>();
            parameters.put("primary", facts.given().primaryOrWord());
            parameters.put("receiver", receiver.get());
            parameters.put("receiver_start", "COMMAND");
            parameters.put("slot", slot.name());
            if (!facts.given().host().equals("local")) {
                parameters.put("receiver_host", facts.given().host());
            }
            finding.remedy(Remedy.byPlaybook(
                            "repair-archiver",
                            "Set its segments aside, renew the slot, start the receiver, and prove that it streams; a new"
                                    + " base backup is due then",
                            "repair-archiver",
                            parameters,
                            Cost.MINUTES)
                    .losingData());
            finding.remedy(NewBaseBackup.remedy(facts));
            return;
        }
        if (isOfStandby()) {
            addWaysOn(finding);
            return;
        }
        finding.remedy(Remedy.byHand(
                "drop-slot",
                "If nothing needs the slot, drop it",
                "SELECT pg_drop_replication_slot('%s');".formatted(slot.name().replace("'", "''")),
                Cost.SECONDS));
    }
}
