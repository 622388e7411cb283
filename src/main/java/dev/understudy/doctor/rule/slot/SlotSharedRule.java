package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.Facts;
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
                .filter(sender -> !UNNAMED.contains(sender.applicationName()))
                .collect(Collectors.groupingBy(WalSender::applicationName, TreeMap::new, Collectors.toList()));
        List<Finding> findings = new ArrayList<>();
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

    /** What libpq and the receivers call themselves if nobody says otherwise. */
    private static final Set<String> UNNAMED = Set.of("", "walreceiver", "pg_basebackup", "pg_receivewal");
}
