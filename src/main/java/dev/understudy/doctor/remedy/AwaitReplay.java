package dev.understudy.doctor.remedy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RepairKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Waits until the standby has replayed past a location. */
final class AwaitReplay implements Step {
    private static final Duration POLL = Duration.ofMillis(200);

    private final RunningStandby standby;
    private final Lsn location;
    private final Duration limit;

    AwaitReplay(Site site, Lsn location, Duration limit) {
        this.standby = new RunningStandby(site);
        this.location = location;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RepairKinds.AWAIT_REPLAY;
    }

    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending("wait until the standby has replayed past " + location);
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        PostmasterFile process = standby.find()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.REPLAY_NOT_PAST, "the standby's server does not run, so it replays nothing")
                        .hint("Start it as it is always started.")
                        .build());
        standby.record(context, process);
        context.await(
                "the standby to replay past " + location,
                limit,
                POLL,
                () -> replayed(context).filter(this::isPast).isPresent());
        return List.of();
    }

    /** Equal is not past: the record that begins there has to be replayed. */
    private boolean isPast(Lsn replayed) {
        return location.isBefore(replayed);
    }

    private Optional<Lsn> replayed(StepContext context) {
        try (Session session = standby.open(context)) {
            return new ServerFacts(session).positions().replayed();
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SERVER_STARTING || e.code() == ErrorCode.SERVER_UNREACHABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        Optional<Lsn> replayed = replayed(context);
        return replayed.filter(this::isPast).isPresent()
                ? new Verdict.Verified(List.of(context.evidence(
                        "the standby has replayed to %s, past %s".formatted(replayed.get(), location),
                        "pg_last_wal_replay_lsn()")))
                : new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.REPLAY_NOT_PAST,
                                "the standby has not replayed past %s but to %s",
                                location,
                                replayed.map(Lsn::toString).orElse("nowhere that it tells"))
                        .build());
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
