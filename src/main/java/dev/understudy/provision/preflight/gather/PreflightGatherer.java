package dev.understudy.provision.preflight.gather;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.CloneFacts;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.facts.PrivilegeFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.route.RouteDecision;
import dev.understudy.server.Session;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.ServerSurveyor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Gathers all facts of a preflight once. Changes nothing; every wait is limited; what fails becomes a reason. */
public final class PreflightGatherer {
    private static final int THREADS = 4;

    private final PreflightRequest request;
    private final Looks target;

    private PreflightGatherer(PreflightRequest request) {
        this.request = request;
        this.target = new Looks(request.target(), request.limit());
    }

    /** Gathers; the primary and the standby's machine at the same time. */
    public static PreflightFacts gather(PreflightRequest request) {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, PreflightGatherer::thread);
        try (Host here = Hosts.local()) {
            return new PreflightGatherer(request).gather(executor, here);
        } finally {
            executor.shutdownNow();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "preflight");
        thread.setDaemon(true);
        return thread;
    }

    private PreflightFacts gather(ExecutorService executor, Host here) {
        MachineGatherer machines = new MachineGatherer(target);
        CompletableFuture<Known<ServerSurvey>> surveying = start(executor, this::survey);
        CompletableFuture<Known<MachineFacts>> machine = start(executor, machines::machine);
        CompletableFuture<Known<Known<Set<String>>>> addresses = start(executor, machines::addresses);
        Known<ServerSurvey> primary = surveying.join();

        Known<PrimaryFilesFacts> files = primary.flatMap(
                found -> PrimaryFilesGatherer.gather(request.primaryHost(), here, found, request.limit()));
        Known<Boolean> same = SameMachine.tell(
                primary,
                files,
                machine.join(),
                request.target().isLocal(),
                addresses.join().flatMap(each -> each));
        CompletableFuture<Known<TargetFacts>> targeting = start(executor, () -> {
            MachineFacts facts = machine.join()
                    .value()
                    .orElseGet(() -> unknownMachine(machine.join().reason()));
            return new TargetGatherer(target, request.intent(), primary).gather(facts, same, files);
        });
        CompletableFuture<Known<List<PrivilegeFacts>>> privileges = start(
                        executor, () -> missingPrivileges(primary, files))
                .thenApply(known -> known.flatMap(each -> each));
        CompletableFuture<Known<CloneFacts>> clone =
                start(executor, () -> CloneGatherer.gather(request.primaryHost(), request.intent(), primary));
        Known<TargetFacts> place = machine.join().isKnown()
                ? targeting.join()
                : Known.unknown(machine.join().reason());
        ReplicationGatherer.Outcome replication =
                new ReplicationGatherer(target, request.replication(), here).gather(primary, place, same);
        return new PreflightFacts(
                request.intent(),
                primary,
                privileges.join(),
                files,
                place,
                same,
                replication.login(),
                replication.password(),
                request.intent().restoreCommand().map(command -> new ArchiveGatherer(target).probe(command, primary)),
                clone.join().match(found -> found, CloneFacts::unknown));
    }

    private static <T> CompletableFuture<Known<T>> start(ExecutorService executor, Supplier<T> look) {
        return CompletableFuture.supplyAsync(() -> Looks.known(look), executor);
    }

    private static MachineFacts unknownMachine(String reason) {
        return new MachineFacts(
                "unknown", Known.unknown(reason), Known.unknown(reason), Known.unknown(reason), Known.unknown(reason));
    }

    private ServerSurvey survey() {
        try (Session session = Session.open(request.primary())) {
            return new ServerSurveyor(session, request.primary(), request.limit()).survey();
        }
    }

    /** On a session of its own, once the route is known. */
    private Known<List<PrivilegeFacts>> missingPrivileges(Known<ServerSurvey> primary, Known<PrimaryFilesFacts> files) {
        if (!primary.isKnown()) {
            return Known.unknown(primary.reason());
        }
        RouteDecision decision = RouteDecision.of(request.intent().route(), files.map(PrimaryFilesFacts::access));
        try (Session session = Session.open(request.primary())) {
            return Known.of(PrivilegeGatherer.missing(session, request.intent(), decision.route()));
        } catch (UnderstudyException e) {
            return Known.unknown(Looks.reason(e));
        }
    }
}
