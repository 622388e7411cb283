package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A connection between sender and receiver that ends by time-out again and again. */
public final class ReplicationTimeoutLoopRule implements Rule {
    private static final String ID = "replication-timeout-loop";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<LogEvent> timeouts = facts.log().value().map(LogFacts::events).orElse(List.of()).stream()
                .filter(event ->
                        event.id().equals("receiver-timeout") || event.id().equals("sender-timeout"))
                .toList();
        int count = timeouts.stream().mapToInt(LogEvent::count).sum();
        if (count < OFTEN) {
            return List.of();
        }
        LogEvent last = timeouts.get(timeouts.size() - 1);
        return List.of(Finding.warning(ID, "standby")
                .seen(Optional.of(View.sign(facts, last)))
                .seen(facts.log().value().get().files().get(0), count + " such time-outs")
                .seen(View.setting(facts, "wal_receiver_timeout").map(value -> new Sign("wal_receiver_timeout", value)))
                .remedy(Remedy.byHand(
                        "find-the-silence",
                        "Find what is silent for that long: a firewall that drops idle connections, a frozen host, a full"
                                + " disk; raise wal_sender_timeout and wal_receiver_timeout if the network is just slow",
                        "ALTER SYSTEM SET wal_receiver_timeout = '5min'; SELECT pg_reload_conf();",
                        Cost.SECONDS))
                .says("Streaming ended by time-out %d times".formatted(count)));
    }

    private static final int OFTEN = 3;
}
