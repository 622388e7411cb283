package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.facts.WalPositions;
import java.util.List;
import java.util.Optional;

/** A standby that streams, and from another server than the primary that was given. */
public final class UnexpectedSenderRule implements Rule {
    private static final String ID = "unexpected-sender";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<WalReceiver> receiver = View.standby(facts)
                .flatMap(view -> view.receiver().value())
                .flatMap(found -> found)
                .filter(found -> found.status().equals("streaming"));
        Optional<List<WalSender>> senders =
                View.primary(facts).flatMap(view -> view.senders().value());
        if (receiver.isEmpty() || senders.isEmpty() || isServed(facts, senders.get())) {
            return List.of();
        }
        boolean ahead = isAhead(facts);
        return List.of((ahead ? Finding.error(ID, "standby") : Finding.warning(ID, "standby"))
                .seen(
                        "pg_stat_wal_receiver of the standby",
                        "streams from %s%s"
                                .formatted(
                                        receiver.get().senderHost().orElse("a server that 10 and older do not name"),
                                        receiver.get().senderPort().isPresent()
                                                ? ", port "
                                                        + receiver.get()
                                                                .senderPort()
                                                                .getAsInt()
                                                : ""))
                .seen(
                        "pg_stat_replication of the primary",
                        senders.get().isEmpty()
                                ? "has no sender at all"
                                : "has no sender for \"%s\"".formatted(name(facts)))
                .remedy(Remedy.byHand(
                        "follow-the-primary",
                        "If it should not follow another standby, or another primary, correct primary_conninfo",
                        "SHOW primary_conninfo;  -- on the standby",
                        Cost.SECONDS))
                .says("The standby streams from another server than the primary that was given"));
    }

    /** Then what it follows is no standby of that primary: somebody else writes. */
    private static boolean isAhead(Facts facts) {
        Optional<Lsn> replayed =
                View.standby(facts).flatMap(view -> view.positions().value()).flatMap(WalPositions::replayed);
        return View.primary(facts)
                .flatMap(ServerView::end)
                .flatMap(end -> replayed.map(end::isBefore))
                .orElse(false);
    }

    /** A role without pg_monitor sees senders without their state: then it cannot be told. */
    private static boolean isServed(Facts facts, List<WalSender> senders) {
        String name = name(facts);
        return senders.stream()
                .filter(sender -> name.isEmpty() || sender.applicationName().equals(name))
                .anyMatch(sender -> sender.state().isEmpty() || !sender.state().equals("backup"));
    }

    /** As a sender of the standby would be called; empty text if that is not known. */
    private static String name(Facts facts) {
        return View.applicationName(facts).orElse("");
    }
}
