package dev.understudy.doctor.rule.server;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A server that ends with the same message again and again. */
public final class CrashLoopRule implements Rule {
    private static final String ID = "crash-loop";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<LogEvent> fatal = facts.log().value().map(LogFacts::events).orElse(List.of()).stream()
                .filter(event ->
                        event.severity().equals("FATAL") || event.severity().equals("PANIC"))
                .filter(CrashLoopRule::endsTheServer)
                .toList();
        Map<String, Integer> counts = new LinkedHashMap<>();
        fatal.forEach(event -> counts.merge(event.text(), event.count(), Integer::sum));
        Optional<LogEvent> worst = fatal.stream()
                .filter(event -> counts.getOrDefault(event.text(), 0) >= OFTEN)
                .reduce((earlier, later) -> later)
                .filter(event -> View.isDown(facts) || !isOver(facts, event));
        return worst.map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .seen(facts.log().value().get().files().get(0), "%d times".formatted(counts.get(event.text())))
                        .remedy(Remedy.byHand(
                                "stop-the-loop",
                                "Stop what restarts it until the cause is found",
                                "systemctl stop postgresql; or: pg_ctl -D %s stop"
                                        .formatted(
                                                ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                                Cost.SECONDS))
                        .says("The same error again and again: %s".formatted(event.text()))))
                .orElse(List.of());
    }

    /** Whether it is not what a client was told, nor what a receiver ended with, which is just started again. */
    private static boolean endsTheServer(LogEvent event) {
        return !NEVER.contains(event.id())
                && OF_RECEIVER.stream().noneMatch(words -> event.text().contains(words));
    }

    private static final Set<String> NEVER = Set.of("conninfo-invalid", "not-yet-open");

    private static final List<String> OF_RECEIVER = List.of(
            "could not connect to the primary server",
            "could not receive data from WAL stream",
            "could not start WAL streaming",
            "database system identifier differs",
            "highest timeline",
            "terminating walreceiver");

    private static boolean isOver(Facts facts, LogEvent event) {
        boolean later = facts.log()
                .value()
                .filter(log -> log.isFollowedBy(event, "streaming") || log.isFollowedBy(event, "ready"))
                .isPresent();
        return later || View.isStreaming(facts);
    }

    private static final int OFTEN = 3;
}
