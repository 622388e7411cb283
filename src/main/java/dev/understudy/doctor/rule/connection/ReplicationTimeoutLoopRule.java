package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A connection between sender and receiver that ends by time-out again and again. */
public final class ReplicationTimeoutLoopRule implements Rule {
    private static final String ID = "replication-timeout-loop";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<LogEvent> timeouts = facts.log().value().map(LogFacts::sinceStart).orElse(List.of()).stream()
                .filter(event -> ENDS.contains(event.id()))
                .toList();
        int count = timeouts.stream().mapToInt(LogEvent::count).sum();
        if (count < OFTEN || isOver(facts)) {
            return List.of();
        }
        LogEvent last = timeouts.get(timeouts.size() - 1);
        return List.of(Finding.warning(ID, "standby")
                .seen(Optional.of(View.sign(facts, last)))
                .seen(
                        facts.log().value().get().files().get(0),
                        "%d times since the standby was started".formatted(count))
                .seen(View.setting(facts, "wal_receiver_timeout")
                        .map(value -> new Sign("wal_receiver_timeout of the standby", value + " ms")))
                .seen(View.primary(facts)
                        .flatMap(view -> view.setting("wal_sender_timeout"))
                        .map(value -> new Sign("wal_sender_timeout of the primary", value + " ms")))
                .remedy(Remedy.byHand(
                        "find-the-silence",
                        "Find what is silent for that long: a firewall that drops idle connections, a frozen host, a full"
                                + " disk; raise wal_sender_timeout and wal_receiver_timeout if the network is just slow",
                        "ALTER SYSTEM SET wal_receiver_timeout = '5min'; SELECT pg_reload_conf();",
                        Cost.SECONDS))
                .says("Streaming was cut off %d times, by a time-out or on the way".formatted(count)));
    }

    /** Whether the standby streams, and has for longer than several time-outs, by the primary's word. */
    private static boolean isOver(Facts facts) {
        long longest = Math.max(
                millis(View.standby(facts), "wal_receiver_timeout"), millis(View.primary(facts), "wal_sender_timeout"));
        Optional<String> name = View.applicationName(facts);
        return View.isStreaming(facts)
                && View.primary(facts).flatMap(view -> view.senders().value()).orElse(List.of()).stream()
                        .filter(sender -> name.equals(Optional.of(sender.applicationName())))
                        .flatMap(sender -> sender.startedAt().stream())
                        .anyMatch(start -> start.plusMillis(OFTEN * longest).isBefore(facts.examinedAt()));
    }

    private static long millis(Optional<ServerView> server, String name) {
        return server.flatMap(view -> view.setting(name)).map(Long::valueOf).orElse(DEFAULT_MILLIS);
    }

    /** Besides the time-outs themselves: how a standby sees that of its sender, or a connection cut on the way. */
    private static final Set<String> ENDS = Set.of("receiver-cut", "receiver-timeout", "sender-timeout");

    private static final long DEFAULT_MILLIS = 60_000;
    private static final int OFTEN = 3;
}
