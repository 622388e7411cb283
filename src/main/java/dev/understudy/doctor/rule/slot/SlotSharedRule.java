package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Two standbys that call themselves the same, or use one slot. */
public final class SlotSharedRule implements Rule {
    private static final String ID = "slot-shared";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<WalSender> senders = View.primary(facts)
                .flatMap(view -> view.senders().value())
                .orElse(List.of())
                .stream()
                .filter(sender -> sender.state().equals("streaming"))
                .toList();
        Map<String, List<WalSender>> byName = senders.stream()
                .filter(sender ->
                        !UNNAMED.contains(sender.applicationName()) && !isClusterName(facts, sender.applicationName()))
                .collect(Collectors.groupingBy(WalSender::applicationName, TreeMap::new, Collectors.toList()));
        List<Finding> findings = new ArrayList<>();
        oneSlot(facts).ifPresent(findings::add);
        byName.forEach((name, same) -> {
            if (same.size() > 1) {
                Builder finding = Finding.warning(ID, "primary");
                same.forEach(sender -> finding.seen("pg_stat_replication of the primary", sender.describe()));
                findings.add(finding.remedy(Remedy.byHand(
                                "own-name",
                                "Give each standby an application_name of its own",
                                "ALTER SYSTEM SET primary_conninfo = '… application_name=NAME';  -- on each",
                                Cost.SECONDS))
                        .says("%d standbys call themselves \"%s\"".formatted(same.size(), name)));
            }
        });
        return findings;
    }

    /** A standby that finds its slot in the hands of one that calls itself the same: a clone of it, most likely. */
    private static Optional<Finding> oneSlot(Facts facts) {
        Optional<LogEvent> event = View.unresolved(facts, "slot-active");
        Optional<WalSender> holder = event.flatMap(found -> SlotView.holder(facts, found));
        if (holder.isEmpty()
                || !View.applicationName(facts).equals(Optional.of(holder.get().applicationName()))) {
            return Optional.empty();
        }
        String slot = event.get().value(0);
        return Optional.of(Finding.warning(ID, "slot \"" + slot + "\"")
                .seen(event.map(found -> View.sign(facts, found)))
                .seen("pg_stat_replication of the primary", holder.get().describe())
                .remedy(Remedy.byHand(
                        "own-slot",
                        "Give each standby a slot and an application_name of its own; an old connection of this standby's own"
                                + " is given up by the primary after wal_sender_timeout",
                        SlotView.ownSlot(),
                        Cost.SECONDS))
                .says("Two standbys use slot \"%s\", or the primary has not yet given up an old connection of this one"
                        .formatted(slot)));
    }

    /** Debian calls every server so; it matters where the primary chooses by name. */
    private static boolean isClusterName(Facts facts, String name) {
        boolean used = View.primary(facts)
                .flatMap(primary -> primary.setting("synchronous_standby_names"))
                .filter(names -> !names.isEmpty())
                .isPresent();
        return name.matches("\\d+/main") && !used;
    }

    /** What libpq and the receivers call themselves if nobody says otherwise. */
    private static final Set<String> UNNAMED = Set.of("", "walreceiver", "pg_basebackup", "pg_receivewal");
}
