package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A standby, or a receiver, that asks for WAL that the primary has removed. */
public final class WalSegmentRemovedRule implements Rule {
    private static final String ID = "wal-segment-removed";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event =
                View.unresolved(facts, "wal-segment-removed").filter(found -> !isThereAgain(facts, found.value(0)));
        if (event.isEmpty()) {
            return List.of();
        }
        String segment = event.get().value(0);
        Builder finding = Finding.error(ID, "standby").seen(Optional.of(View.sign(facts, event.get())));
        View.primary(facts)
                .flatMap(view -> view.hasSegment(segment))
                .ifPresent(there -> finding.seen(
                        "pg_ls_waldir() of the primary", there ? segment + " is there" : segment + " is not there"));
        List<String> holders = holders(facts, segment);
        holders.forEach(holder -> finding.seen(holder, "has " + segment));
        if (!holders.isEmpty()) {
            finding.remedy(Remedy.byHand(
                    "restore-from-archive",
                    "Let the standby fetch it from where it still is",
                    "ALTER SYSTEM SET restore_command = 'cp %s/%%f %%p'; SELECT pg_reload_conf();  -- restart before 14"
                            .formatted(holders.get(0)),
                    Cost.SECONDS));
        }
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says("The primary has removed WAL segment %s, which the standby asks for".formatted(segment)));
    }

    private static boolean isThereAgain(Facts facts, String segment) {
        return View.primary(facts).flatMap(view -> view.hasSegment(segment)).orElse(false);
    }

    private static List<String> holders(Facts facts, String segment) {
        List<String> holders = new ArrayList<>();
        Stream.of(facts.archive(), facts.receiver())
                .flatMap(directory -> directory.value().stream())
                .filter(directory -> directory.has(segment))
                .forEach(directory -> holders.add(directory.path()));
        return holders;
    }
}
