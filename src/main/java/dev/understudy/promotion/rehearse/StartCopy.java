package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.CommandResult;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.rehearse.Protocol.Phase;
import dev.understudy.provision.control.StartupMessage;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.server.Session;
import dev.understudy.server.check.PromotedServer;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Starts the copy, and waits until it is consistent and has replayed all that the standby had. */
final class StartCopy implements Step {
    private static final Duration POLL = Duration.ofMillis(50);

    /** A server that is not there this long after it was told to start has given up. */
    private static final Duration GONE_AFTER = Duration.ofSeconds(3);

    private final Site site;
    private final int nice;
    private final Duration limit;

    StartCopy(Site site, int nice, Duration limit) {
        this.site = site;
        this.nice = nice;
        this.limit = limit;
    }

    @Override
    public String name() {
        return RehearsalKinds.START_COPY;
    }

    @Override
    public Probe probe(StepContext context) {
        boolean up = CopyServer.wasStarted(context) && new CopyServer(site, context).isRunning();
        return ExamineCopy.isDone(context) || up && Replay.isComplete(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("start the copy's server, and wait until it has replayed all that the standby had");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        CopyServer server = new CopyServer(site, context);
        Protocol protocol = new Protocol(context);
        long began = System.nanoTime();
        List<Evidence> evidence = new ArrayList<>();
        if (!server.isRunning()) {
            CommandResult result = server.start(nice);
            if (!result.succeeded()) {
                protocol.over(new Finding(
                        "not-started", "the copy's server did not start", result.error() + "\n" + server.logTail(10)));
                return evidence;
            }
            evidence.add(context.evidence("started the copy's server", result.command()));
        }
        Optional<Finding> obstacle = awaitConsistency(context, server, began);
        if (obstacle.isPresent()) {
            protocol.over(obstacle.get());
            return evidence;
        }
        protocol.took(Phase.CONSISTENT, sinceStart(began));
        if (Replay.isComplete(context)) {
            return evidence; // It was promoted, and its server ended, before the run was gone on with.
        }
        try (Session session = server.open()) {
            Replay replay = new Replay(context, site.target(), session);
            Optional<Finding> gap = replay.await(limit, server);
            if (gap.isPresent()) {
                protocol.over(gap.get());
                return evidence;
            }
            protocol.took(Phase.REPLAYED, sinceStart(began));
            evidence.add(replay.evidence());
        }
        return evidence;
    }

    private static Duration sinceStart(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private Optional<Finding> awaitConsistency(StepContext context, CopyServer server, long began) {
        List<Finding> gone = new ArrayList<>();
        try {
            context.await("the copy to be consistent and answer", limit, POLL, () -> {
                boolean answers = answers(context, server);
                if (!answers && sinceStart(began).compareTo(GONE_AFTER) > 0 && !server.isRunning()) {
                    gone.add(new Finding(
                            "not-started", "the copy's server ended before it was consistent", server.logTail(10)));
                }
                return answers || !gone.isEmpty();
            });
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.WAIT_TIMED_OUT) {
                throw e;
            }
            return Optional.of(new Finding(
                    "not-consistent",
                    "the copy was not consistent within %d seconds".formatted(limit.toSeconds()),
                    server.logTail(10)));
        }
        return gone.stream().findFirst();
    }

    private static boolean answers(StepContext context, CopyServer server) {
        try (Session session = server.open()) {
            return session.version().number() > 0;
        } catch (UnderstudyException e) {
            server.newest().map(StartupMessage::text).ifPresent(text -> context.waiting("the copy: " + text));
            return switch (e.code()) {
                case SERVER_STARTING,
                        SERVER_UNREACHABLE,
                        CONNECTION_FAILED,
                        SESSION_LOST,
                        TOO_MANY_CONNECTIONS,
                        SERVER_SHUTTING_DOWN -> false;
                default -> throw e;
            };
        }
    }

    /** That it is isolated is read from the running server, whatever was written for it. */
    @Override
    public Verdict verify(StepContext context) {
        if (ExamineCopy.isDone(context)) {
            return new Verdict.Verified(
                    List.of(context.evidence("was looked at before, and stopped", "the run's journal")));
        }
        CopyServer server = new CopyServer(site, context);
        if (!server.isRunning()) {
            return new Verdict.Refuted(
                    UnderstudyException.of(ErrorCode.STANDBY_NOT_STARTED, "the copy's server is not running")
                            .detail("%s", server.logTail(10))
                            .build());
        }
        ControlFile control = new TargetDirectory(site.target()).controlFile();
        Map<String, String> wanted = new CopySettings(control.major(), Map.of(), control).isolation();
        try (Session session = server.open()) {
            PromotedServer asked = new PromotedServer(session);
            Map<String, String> differing = new TreeMap<>(asked.settings(List.copyOf(wanted.keySet())));
            wanted.forEach((name, value) ->
                    differing.computeIfPresent(name, (same, found) -> sameValue(found, value) ? null : found));
            long outside = asked.connectionsOutside();
            if (!differing.isEmpty() || outside > 0) {
                return new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.CONFIGURATION_REJECTED,
                                "the copy is not isolated: settings %s, %d slots, senders and receivers",
                                differing,
                                outside)
                        .build());
            }
            boolean inRecovery = new ServerFacts(session).isInRecovery();
            Lsn end = context.facts().lsn(IsolateCopy.WAL_END);
            return new Verdict.Verified(List.of(context.evidence(
                    "isolated: %d settings are as they were written, no slot, no sender, no receiver; %s"
                            .formatted(
                                    wanted.size(),
                                    inRecovery ? "in recovery, replayed to " + end + " or later" : "promoted already"),
                    "current_setting(), pg_replication_slots, pg_stat_wal_receiver")));
        }
    }

    /** A setting of time is printed with its unit, and a command that is not in use as disabled. */
    private static boolean sameValue(String found, String wanted) {
        return found.equals(wanted)
                || wanted.equals("0") && found.matches("0\\D*")
                || wanted.isEmpty() && found.equals("(disabled)");
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return CopyServer.wasStarted(context)
                ? new CopyServer(site, context).stop().stream().toList()
                : List.of();
    }
}
