package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts a receiver by the command that starts it, and waits until its slot is in use. */
final class StartReceiver implements Step {
    private static final String STARTED = "receiver_started";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);

    private final Conninfo primary;
    private final Host host;
    private final String command;
    private final Optional<String> stop;
    private final String slot;
    private final Duration limit;

    StartReceiver(Conninfo primary, Host host, String command, Optional<String> stop, String slot, Duration limit) {
        this.primary = primary;
        this.host = host;
        this.command = command;
        this.stop = stop;
        this.slot = slot;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RepairKinds.START_RECEIVER;
    }

    private Optional<ReplicationSlot> active() {
        try (Session session = Session.open(primary)) {
            return new Slots(session).find(slot).filter(ReplicationSlot::active);
        }
    }

    @Override
    public Probe probe(StepContext context) {
        return active().isPresent()
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("start the receiver on %s: %s".formatted(host.name(), command));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        context.record(STARTED, "true");
        CommandResult result = host.run(Command.shell(command).withLimit(COMMAND_LIMIT));
        if (!result.succeeded()) {
            throw UnderstudyException.of(
                            ErrorCode.RECEIVER_NOT_STREAMING,
                            "the receiver's start command ended with status %d",
                            result.status())
                    .detail(
                            "%s",
                            result.error().isBlank()
                                    ? "It wrote nothing to standard error."
                                    : result.error().strip())
                    .build();
        }
        context.await("slot \"" + slot + "\" to be in use", limit, POLL, () -> active().isPresent());
        return List.of(context.evidence("started the receiver", command));
    }

    @Override
    public Verdict verify(StepContext context) {
        return active().<Verdict>map(found -> new Verdict.Verified(List.of(context.evidence(
                        "slot \"%s\" is in use by process %s"
                                .formatted(
                                        slot,
                                        found.activePid().stream()
                                                .mapToObj(Long::toString)
                                                .findFirst()
                                                .orElse("?")),
                        "pg_replication_slots"))))
                .orElseGet(() -> new Verdict.Refuted(
                        UnderstudyException.of(ErrorCode.RECEIVER_NOT_STREAMING, "nobody uses slot \"%s\"", slot)
                                .hint("See the receiver's own log.")
                                .build()));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        if (!context.facts().isTrue(STARTED) || stop.isEmpty()) {
            return List.of();
        }
        host.run(Command.shell(stop.get()).withLimit(COMMAND_LIMIT)).orThrow();
        return List.of(context.evidence("stopped the receiver", stop.get()));
    }
}
