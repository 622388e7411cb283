package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.plan.RepairKinds;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.List;

/** Watches a running standby become consistent and answer queries. */
final class AwaitConsistency implements Step {
    private static final Duration POLL = Duration.ofMillis(200);

    private final RunningStandby standby;
    private final Duration limit;

    AwaitConsistency(Site site, Duration limit) {
        this.standby = new RunningStandby(site);
        this.limit = limit;
    }

    @Override
    public String name() {
        return RepairKinds.AWAIT_CONSISTENCY;
    }

    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending("wait until the standby is consistent and answers queries");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        PostmasterFile process = standby.find()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.CONSISTENCY_NOT_REACHED,
                                "the standby's server does not run, so it cannot become consistent")
                        .hint("Start it as it is always started; its backup has an end now.")
                        .build());
        standby.record(context, process);
        context.await("the standby to be consistent and to answer", limit, POLL, () -> answers(context));
        return List.of();
    }

    private boolean answers(StepContext context) {
        ControlFile control = standby.control();
        context.waiting(
                control.backupStartPoint().isInvalid()
                        ? "the standby to accept connections"
                        : "the standby to replay the end of its backup, minimum recovery ending location "
                                + control.minRecoveryPoint());
        try (Session session = standby.open(context)) {
            return session.version().number() > 0;
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SERVER_STARTING || e.code() == ErrorCode.SERVER_UNREACHABLE) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        ControlFile control = standby.control();
        if (!control.backupStartPoint().isInvalid() || control.backupEndRequired()) {
            return new Verdict.Refuted(UnderstudyException.of(
                            ErrorCode.CONSISTENCY_NOT_REACHED,
                            "pg_control still has a backup start location: %s",
                            control.backupStartPoint())
                    .build());
        }
        try (Session session = standby.open(context)) {
            if (!new ServerFacts(session).isInRecovery()) {
                return new Verdict.Refuted(
                        UnderstudyException.of(ErrorCode.NOT_PROVEN, "the server in the directory is not in recovery")
                                .build());
            }
            return new Verdict.Verified(List.of(context.evidence(
                    "the standby answers queries in recovery; pg_control waits for no backup, minimum recovery ending"
                            + " location " + control.minRecoveryPoint(),
                    "a query on the standby; pg_control")));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
