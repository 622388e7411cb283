package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.provision.clone.CloneTimes;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.control.StartMethod;
import dev.understudy.provision.control.StartupMessage;
import dev.understudy.provision.copy.CopiedInventory;
import dev.understudy.provision.copy.TargetClaim;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.wal.ReceivedWal;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.transfer.files.TargetLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the standby after a last look at every file of it, and follows its log until it answers queries, saying what it
 * waits for.
 */
public final class StartStandby implements Step {
    static final String NAME = "start-standby";
    private static final String STARTED = "server_started";

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
    private static final Duration GONE_AFTER = Duration.ofSeconds(3);

    private final Site site;
    private final String startCommand;
    private final StartMethod method;
    private final boolean readContents;
    private final Duration limit;

    /**
     * @param startCommand the plan's {@code start}
     * @param readContents whether the last look reads every file again rather than its size and time alone
     * @throws UnderstudyException {@link ErrorCode#START_METHOD_INVALID}
     */
    public StartStandby(Site site, String startCommand, boolean readContents, Duration limit) {
        this.site = site;
        this.startCommand = startCommand;
        this.method = StartMethod.parse(startCommand, site.target().dataDirectory());
        this.readContents = readContents;
        this.limit = limit;
    }

    @Override
    public String name() {
        return NAME;
    }

    static boolean wasStarted(StepContext context) {
        return wasStarted(context.facts());
    }

    /** Whether the run has told the server to start. */
    public static boolean wasStarted(Facts facts) {
        return facts.isTrue(STARTED);
    }

    private TargetSite target() {
        return site.target();
    }

    private Optional<PostmasterFile> running() {
        return PostmasterFile.findRunning(target().host(), target().dataDirectory());
    }

    @Override
    public Probe probe(StepContext context) {
        if (target().host().files().status(target().dataDirectory()).isEmpty()) {
            return pending();
        }
        Optional<PostmasterFile> running = running();
        if (running.isEmpty()) {
            return pending();
        }
        if (wasStarted(context)) {
            return new Probe.Satisfied(List.of());
        }
        return new Probe.Conflicting(UnderstudyException.of(
                        ErrorCode.TARGET_NOT_OURS,
                        "a server that this run did not start works in \"%s\", pid %d",
                        target().dataDirectory(),
                        running.get().pid())
                .hint("Stop it first.")
                .build());
    }

    private Probe pending() {
        return new Probe.Pending("look at every file once more, start the server of " + target().display() + " by "
                + startCommand + ", and wait until it answers");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        Evidence unchanged = hasRun(context)
                ? context.evidence(
                        "the server was started before by this run, and has worked on its files since",
                        target().path(TargetLayout.CONTROL_FILE))
                : CopiedInventory.of(context).verify(site, readContents);
        ServerPrograms programs = programs(context);
        StandbyLog log = new StandbyLog(target(), method.cluster());
        context.record(STARTED, "true");
        installWal(context, programs.major());
        Host host = method.runsAsLogin() ? target().login() : target().host();
        Command start =
                method.start(programs, target().dataDirectory(), log.file()).withLimit(COMMAND_LIMIT);
        Instant startedAt = context.clock().instant();
        CommandResult result = host.run(start);
        if (!result.succeeded()) {
            throw notStarted(
                    "the start command ended with status " + result.status(), result.error() + "\n" + log.lastLines(5));
        }
        long begun = System.nanoTime();
        awaitAnswer(context, log, begun);
        List<Evidence> evidence = new ArrayList<>(List.of(unchanged, context.evidence("started", start.toString())));
        CloneTimes.publish(context, startedAt, context.clock().instant()).ifPresent(evidence::add);
        TargetClaim.forgetOld(context, target(), false);
        return evidence;
    }

    /** Past the limit the server itself says best what it lacks. */
    private void awaitAnswer(StepContext context, StandbyLog log, long begun) {
        try {
            context.await("the standby to answer", limit, POLL, () -> answers(context, log, begun));
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.WAIT_TIMED_OUT) {
                throw e;
            }
            String newest = log.newest().map(StartupMessage::text).orElse("its log gives no reason");
            throw notStarted("it does not answer in time: " + newest, refusal(context) + log.lastLines(10));
        }
    }

    /** Why it lets nobody in, in its own words. */
    private String refusal(StepContext context) {
        try (Session session = new StandbySessions(site).open(context.facts())) {
            return "It answers now, as version " + session.version() + ".\n";
        } catch (UnderstudyException e) {
            return e.message() + ". " + e.detail() + "\n";
        }
    }

    /** From here on a server finds the WAL that came with the backup. */
    private void installWal(StepContext context, ServerMajor major) {
        ReceivedWal received = new ReceivedWal(target().host(), target().path(WalDirectory.of(major)));
        if (received.isWithheld()) {
            context.record(ReceivedWal.INSTALLED, "true");
            received.install();
        }
    }

    /** The journal knows only that a start was about to be tried; a server that has begun recovery lifts the seal. */
    private boolean hasRun(StepContext context) {
        return wasStarted(context)
                && !new TargetDirectory(target()).controlFile().isSealed();
    }

    private ServerPrograms programs(StepContext context) {
        ServerMajor major = ServerMajor.parse(majorText(context.facts().get("server_version")));
        return ServerPrograms.find(target().host(), target().binDirectory(), major);
    }

    private static String majorText(String version) {
        return version.startsWith("9.") ? version.substring(0, 3) : version.substring(0, version.indexOf('.'));
    }

    /** Says what the server waits for meanwhile. */
    private boolean answers(StepContext context, StandbyLog log, long begun) {
        try (Session session = new StandbySessions(site).open(context.facts())) {
            return session.version().number() > 0;
        } catch (UnderstudyException e) {
            log.newest().ifPresent(message -> context.waiting("the standby: " + message.text()));
            boolean settled = System.nanoTime() - begun > GONE_AFTER.toNanos();
            if (settled && running().isEmpty()) {
                String reason = log.newest()
                        .filter(message -> message.kind() == StartupMessage.Kind.FATAL)
                        .map(StartupMessage::text)
                        .orElse("its log gives no reason");
                throw notStarted(reason, log.lastLines(10));
            }
            if (mayPass(e)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean mayPass(UnderstudyException e) {
        return switch (e.code()) {
            case SERVER_STARTING,
                    SERVER_UNREACHABLE,
                    CONNECTION_FAILED,
                    SESSION_LOST,
                    TOO_MANY_CONNECTIONS,
                    SERVER_SHUTTING_DOWN -> true;
            default -> false;
        };
    }

    private UnderstudyException notStarted(String reason, String lines) {
        return UnderstudyException.of(ErrorCode.STANDBY_NOT_STARTED, "the standby did not start: %s", reason)
                .detail("%s", lines.strip())
                .build();
    }

    @Override
    public Verdict verify(StepContext context) {
        Optional<PostmasterFile> running = running();
        if (running.isEmpty()) {
            return new Verdict.Refuted(
                    notStarted("its server is not running", new StandbyLog(target(), method.cluster()).lastLines(10)));
        }
        try (Session session = new StandbySessions(site).open(context.facts())) {
            if (!new ServerFacts(session).isInRecovery()) {
                return new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.NOT_PROVEN,
                                "the server that was started is not in recovery: it is no standby")
                        .build());
            }
            return new Verdict.Verified(List.of(context.evidence(
                    "PostgreSQL %s answers on port %s, in recovery, postmaster pid %d"
                            .formatted(
                                    version(session.version()),
                                    context.facts().get(StandbyPort.PORT),
                                    running.get().pid()),
                    "select pg_is_in_recovery(); postmaster.pid")));
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    private static String version(ServerVersion version) {
        return version.toString();
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        if (!wasStarted(context) || running().isEmpty()) {
            return List.of();
        }
        Host host = method.stopsAsLogin() ? target().login() : target().host();
        CommandResult result = host.run(
                method.stop(programs(context), target().dataDirectory()).withLimit(COMMAND_LIMIT));
        if (running().isPresent()) {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE, "could not stop the server in \"%s\"", target().dataDirectory())
                    .detail("%s", result.error())
                    .hint("Stop it with: pg_ctl -D %s -m immediate stop", target().dataDirectory())
                    .build();
        }
        return List.of(context.evidence("stopped the server", result.command()));
    }
}
