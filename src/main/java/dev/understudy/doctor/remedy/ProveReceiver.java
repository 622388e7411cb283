package dev.understudy.doctor.remedy;

import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.SegmentFile;
import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import dev.understudy.server.wal.WalControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proves that a receiver streams: its slot is in use, and the first whole segment that it wrote is this cluster's, begins
 * where it must, and joins up with the location from which the slot has kept WAL.
 */
final class ProveReceiver implements Step {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Conninfo primary;
    private final ReceiverPlace place;
    private final String slot;
    private final Duration limit;

    ProveReceiver(Conninfo primary, ReceiverPlace place, String slot, Duration limit) {
        this.primary = primary;
        this.place = place;
        this.slot = slot;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RepairKinds.PROVE_RECEIVER;
    }

    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending("prove that the receiver streams and that its first segment joins up");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        try (Session session = Session.open(primary)) {
            // An idle primary would not fill its segment for long.
            new WalControl(session).emitCanary();
            new WalControl(session).switchWal();
        }
        context.await("the receiver's first whole segment", limit, POLL, () -> first().isPresent());
        return List.of();
    }

    private Optional<SegmentFile> first() {
        return place.read().files().stream().filter(file -> !file.partial()).findFirst();
    }

    @Override
    public Verdict verify(StepContext context) {
        try (Session session = Session.open(primary)) {
            ServerIdentity identity = new ServerFacts(session).identity();
            Optional<ReplicationSlot> found = new Slots(session).find(slot);
            if (found.filter(ReplicationSlot::active).isEmpty()) {
                return refuted("nobody uses slot \"%s\"".formatted(slot));
            }
            SegmentDirectory directory = place.read();
            Optional<SegmentFile> first = first();
            if (first.isEmpty()) {
                return refuted("the receiver has written no whole segment");
            }
            Optional<WalIdentity> header = first.get().header().value();
            WalSegment segment = WalSegment.parse(first.get().segment(), identity.walSegmentSize());
            if (header.isEmpty()
                    || !header.get().systemIdentifier().equals(identity.systemIdentifier())
                    || !header.get().start().equals(segment.start())) {
                return refuted("\"%s\" is not that segment of this cluster: %s"
                        .formatted(first.get().file(), first.get().header()));
            }
            Optional<Lsn> reserved = context.facts().findLsn(RenewSlot.RESERVED);
            if (reserved.isPresent() && reserved.get().isBefore(segment.start())) {
                return refuted("\"%s\" begins at %s, behind %s, from where the slot has kept WAL"
                        .formatted(first.get().file(), segment.start(), reserved.get()));
            }
            if (!directory.gaps().isEmpty()) {
                return refuted("segments are missing from %s on"
                        .formatted(directory.gaps().get(0).first()));
            }
            return new Verdict.Verified(List.of(context.evidence(
                    "slot \"%s\" is in use; first segment \"%s\" begins at %s, system identifier %s, and joins up with %s"
                            .formatted(
                                    slot,
                                    first.get().file(),
                                    segment.start(),
                                    identity.systemIdentifier(),
                                    reserved.map(Lsn::toString).orElse("its slot")),
                    place.directory())));
        }
    }

    private static Verdict refuted(String what) {
        return new Verdict.Refuted(UnderstudyException.of(ErrorCode.RECEIVER_NOT_STREAMING, "%s", what)
                .build());
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
