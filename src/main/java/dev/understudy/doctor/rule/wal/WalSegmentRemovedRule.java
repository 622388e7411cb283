package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.WalSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A standby, or a receiver, that asks for WAL that the primary has removed. */
public final class WalSegmentRemovedRule implements Rule {
    private static final String ID = "wal-segment-removed";

    /** Of a segment's name; the rest is its place in the WAL. */
    private static final int TIMELINE_DIGITS = 8;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event =
                View.unresolved(facts, "wal-segment-removed").filter(found -> !isThereAgain(facts, found.value(0)));
        Optional<String> awaited = event.isPresent() ? Optional.empty() : awaitedInVain(facts);
        if (event.isEmpty() && awaited.isEmpty()) {
            return List.of();
        }
        String segment = event.map(found -> found.value(0)).or(() -> awaited).orElseThrow();
        Builder finding = Finding.error(ID, "standby")
                .seen(event.map(found -> View.sign(facts, found)))
                .seen(awaited.map(found -> new Sign("title of the standby's startup process", "waiting for " + found)));
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

    /**
     * What recovery waits for where nobody told it that it will not come: without streaming no walsender answers. It has to
     * be older than what the primary still has, and nowhere else.
     */
    private static Optional<String> awaitedInVain(Facts facts) {
        if (View.isStreaming(facts)) {
            return Optional.empty();
        }
        Optional<String> oldest = View.primary(facts)
                .flatMap(view -> view.walFiles().value())
                .flatMap(files -> files.stream()
                        .map(file -> file.name())
                        .filter(WalSegment::isName)
                        .map(name -> name.substring(TIMELINE_DIGITS))
                        .min(Comparator.naturalOrder()));
        return View.directory(facts)
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .flatMap(ServerProcess::awaitedSegment)
                .filter(segment -> oldest.filter(
                                first -> segment.substring(TIMELINE_DIGITS).compareTo(first) < 0)
                        .isPresent())
                .filter(segment ->
                        facts.archive().isKnown() && holders(facts, segment).isEmpty())
                .filter(segment -> !isRestOfARecord(facts, segment));
    }

    /** That is a finding of its own. */
    private static boolean isRestOfARecord(Facts facts, String segment) {
        return View.directory(facts)
                .flatMap(found -> found.walEnd().value())
                .filter(tail -> tail.nextSegment().equals(segment))
                .isPresent();
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
