package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.util.Optional;

/** Proves that the standby's WAL receiver streams, and through the planned slot of this primary. */
record ReceiverProof(StepContext context, Duration limit) {
    private static final Duration POLL = Duration.ofMillis(20);

    /** @throws UnderstudyException {@link ErrorCode#NOT_PROVEN}, {@link ErrorCode#WAIT_TIMED_OUT} */
    Evidence prove(Session primary, Session standby) {
        Optional<String> slot = context.facts().find("slot");
        ReplicationFacts facts = new ReplicationFacts(standby);
        context.await(
                "the standby to stream from the primary",
                limit,
                POLL,
                () -> facts.receiver()
                        .filter(receiver -> receiver.status().equals("streaming")
                                || receiver.status().isEmpty())
                        .isPresent());
        ReplicationFacts.WalReceiver receiver =
                facts.receiver().orElseThrow(() -> refuted("the standby has no WAL receiver"));
        if (receiver.status().isEmpty()) {
            // Without pg_monitor only the receiver's pid is shown; who uses the slot is there for all to see.
            slot.ifPresent(name -> requireActive(primary, name));
            return context.evidence("has a WAL receiver; the role may see no more of it", "pg_stat_wal_receiver");
        }
        if (slot.isPresent() && !slot.get().equals(receiver.slot())) {
            throw refuted("the standby streams through slot \"%s\", not \"%s\"".formatted(receiver.slot(), slot.get()));
        }
        slot.ifPresent(name -> requireActive(primary, name));
        return context.evidence(
                claim(receiver, slot),
                slot.isPresent()
                        ? "pg_stat_wal_receiver; pg_replication_slots of the primary"
                        : "pg_stat_wal_receiver");
    }

    private static String claim(ReplicationFacts.WalReceiver receiver, Optional<String> slot) {
        String sender = receiver.senderHost()
                .map(host -> host + " port " + receiver.senderPort().orElse(0))
                .orElse("the primary");
        return "streams from " + sender
                + slot.map(name -> " through slot \"" + name + "\"").orElse("");
    }

    /** A slot of that name can be on another server, too, such as a clone of the primary; ours must be the one in use. */
    private static void requireActive(Session primary, String slot) {
        boolean active =
                new Slots(primary).find(slot).map(ReplicationSlot::active).orElse(false);
        if (!active) {
            throw refuted("slot \"%s\" on the primary is not in use: the standby streams from another server"
                    .formatted(slot));
        }
    }

    private static UnderstudyException refuted(String what) {
        return UnderstudyException.of(ErrorCode.NOT_PROVEN, "not proven: %s", what)
                .build();
    }
}
