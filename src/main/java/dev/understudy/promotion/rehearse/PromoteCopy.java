package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.CommandResult;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.promotion.rehearse.Protocol.Phase;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.server.Session;
import dev.understudy.server.check.PromotedServer;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Promotes the copy, writes to it, and looks where its new timeline forks off. */
final class PromoteCopy implements Step {
    private static final String DONE = "rehearsal_promoted";
    private static final Duration POLL = Duration.ofMillis(10);

    private final Site site;
    private final Duration limit;

    PromoteCopy(Site site, Duration limit) {
        this.site = site;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RehearsalKinds.PROMOTE_COPY;
    }

    @Override
    public Probe probe(StepContext context) {
        return context.facts().isTrue(DONE)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("promote the copy and write to it");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        CopyServer server = new CopyServer(site, context);
        Protocol protocol = new Protocol(context);
        List<Evidence> evidence = new ArrayList<>();
        try (Session session = server.open()) {
            Optional<Finding> obstacle = promote(context, server, session, evidence);
            if (obstacle.isPresent()) {
                protocol.over(obstacle.get());
                return evidence;
            }
        }
        // One of its own: a session that was there during recovery is not what an application would have.
        try (Session session = server.open()) {
            evidence.add(fork(context, protocol, session));
        }
        context.record(DONE, "true");
        return evidence;
    }

    private Optional<Finding> promote(
            StepContext context, CopyServer server, Session session, List<Evidence> evidence) {
        Protocol protocol = new Protocol(context);
        ServerFacts facts = new ServerFacts(session);
        if (facts.isInRecovery()) {
            long began = System.nanoTime();
            CommandResult result = server.promote();
            if (!result.succeeded()) {
                return Optional.of(new Finding("not-promoted", "the copy could not be promoted", result.error()));
            }
            try {
                context.await("the copy to be promoted", limit, POLL, () -> !facts.isInRecovery());
            } catch (UnderstudyException e) {
                return switch (e.code()) {
                    case WAIT_TIMED_OUT ->
                        Optional.of(new Finding(
                                "not-promoted",
                                "the copy was not promoted within %d seconds".formatted(limit.toSeconds()),
                                server.logTail(10)));
                    case SESSION_LOST ->
                        Optional.of(new Finding(
                                "not-promoted", "the copy's server ended while it was promoted", server.logTail(10)));
                    default -> throw e;
                };
            }
            protocol.took(Phase.PROMOTED, Duration.ofNanos(System.nanoTime() - began));
            write(context, session, evidence);
            protocol.took(Phase.FIRST_WRITE, Duration.ofNanos(System.nanoTime() - began));
        } else {
            write(context, session, evidence);
        }
        return Optional.empty();
    }

    private static void write(StepContext context, Session session, List<Evidence> evidence) {
        try {
            new PromotedServer(session).write("understudy_" + context.run().replaceAll("[^a-z0-9]", "_"));
            evidence.add(context.evidence(
                    "a table was made, a row committed to it and read back",
                    "CREATE TABLE, INSERT, SELECT, DROP TABLE"));
        } catch (UnderstudyException e) {
            new Protocol(context)
                    .found(new Finding("write-failed", "the promoted copy does not take a write", e.describe()));
        }
    }

    /** Source: {@code writeTimeLineHistory} in {@code src/backend/access/transam/timeline.c}. */
    private Evidence fork(StepContext context, Protocol protocol, Session session) {
        PromotedServer server = new PromotedServer(session);
        TimelineId timeline = server.timeline();
        Lsn replayed = server.lastReplayed();
        TimelineId before =
                new TimelineId(Integer.parseUnsignedInt(context.facts().get(IsolateCopy.TIMELINE)));
        String file = WalDirectory.of(session.major()) + "/" + TimelineHistory.fileName(timeline);
        String claim = "timeline %s forks off timeline %s at %s, which is where replay ended"
                .formatted(timeline, before, replayed);
        Optional<byte[]> history = new TargetDirectory(site.target()).find(file);
        List<TimelineHistory.Ancestor> ancestors = history.map(
                        bytes -> TimelineHistory.parse(timeline, bytes).ancestors())
                .orElse(List.of());
        boolean right = !ancestors.isEmpty()
                && ancestors.get(ancestors.size() - 1).timeline().equals(before)
                && ancestors.get(ancestors.size() - 1).switchLsn().equals(replayed);
        if (!right) {
            protocol.found(new Finding(
                    "timeline-fork",
                    "timeline %s of the promoted copy does not fork off timeline %s at %s"
                            .formatted(timeline, before, replayed),
                    ancestors.isEmpty()
                            ? "There is no " + file + "."
                            : file + " says: "
                                    + ancestors.stream()
                                            .map(ancestor -> ancestor.timeline() + " at " + ancestor.switchLsn())
                                            .toList()));
        }
        return context.evidence(right ? claim : "timeline " + timeline + " was begun", file);
    }

    @Override
    public Verdict verify(StepContext context) {
        CopyServer server = new CopyServer(site, context);
        if (!server.isRunning()) {
            // The looks after this one end with the server stopped.
            return new Verdict.Verified(
                    List.of(context.evidence("the copy was promoted, and stopped since", "the run's journal")));
        }
        try (Session session = server.open()) {
            return new ServerFacts(session).isInRecovery()
                    ? new Verdict.Refuted(UnderstudyException.of(
                                    ErrorCode.NOT_PROVEN, "the copy is in recovery after it was promoted")
                            .build())
                    : new Verdict.Verified(List.of(context.evidence(
                            "the copy is not in recovery, on timeline " + new PromotedServer(session).timeline(),
                            "pg_is_in_recovery()")));
        }
    }

    /** The server is start-copy's to stop, the files are hold-wal's to remove. */
    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
