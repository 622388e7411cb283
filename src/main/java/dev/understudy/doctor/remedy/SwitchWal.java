package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.Session;
import dev.understudy.server.wal.WalControl;
import java.util.List;

/** Ends the primary's current WAL segment. Harmless, and not to be taken back. */
final class SwitchWal implements Step {
    private static final String SWITCHED = "switched_at";

    private final Conninfo primary;

    SwitchWal(Conninfo primary) {
        this.primary = primary;
    }

    @Override
    public String name() {
        return RepairKinds.SWITCH_WAL;
    }

    @Override
    public Probe probe(StepContext context) {
        return context.facts().find(SWITCHED).isPresent()
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("end the primary's current WAL segment");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        try (Session session = Session.open(primary)) {
            // A segment to which nothing was written is not switched, so something is.
            new WalControl(session).emitCanary();
            Lsn end = new WalControl(session).switchWal();
            context.record(SWITCHED, end.toString());
            return List.of(context.evidence("switched WAL at " + end, "pg_switch_wal()"));
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        Lsn switched = context.facts().lsn(SWITCHED);
        try (Session session = Session.open(primary)) {
            Lsn current = new WalControl(session).currentLsn();
            return current.isBefore(switched)
                    ? new Verdict.Refuted(UnderstudyException.of(
                                    ErrorCode.SOURCE_CHANGED,
                                    "the primary's WAL ends at %s, before the switch at %s",
                                    current,
                                    switched)
                            .build())
                    : new Verdict.Verified(List.of(context.evidence(
                            "the primary's WAL ends at %s, past the switch at %s".formatted(current, switched),
                            "pg_current_wal_lsn()")));
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
