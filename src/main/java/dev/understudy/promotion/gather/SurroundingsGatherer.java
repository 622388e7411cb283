package dev.understudy.promotion.gather;

import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Looking;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.SurroundingsFacts;
import dev.understudy.promotion.machine.MachineFacts;
import dev.understudy.promotion.machine.MachineReader;
import dev.understudy.promotion.machine.StorageReader;
import dev.understudy.promotion.tls.CertificateFacts;
import dev.understudy.promotion.tls.TlsFiles;
import dev.understudy.promotion.tls.TlsFilesReader;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.route.FilesAccess;
import dev.understudy.provision.route.RunningCluster;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.connect.ServedCertificates;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.surroundings.Surroundings;
import dev.understudy.server.surroundings.SurroundingsSurveyor;
import dev.understudy.server.surroundings.TimeZoneDifference;
import dev.understudy.server.survey.WalRate;
import dev.understudy.server.survey.WalRateMeter;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gathers what the checks of host, contents and service need. */
final class SurroundingsGatherer {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(5);

    private final Sight sight;

    private SurroundingsGatherer(Sight sight) {
        this.sight = sight;
    }

    static SurroundingsFacts gather(Sight sight) {
        return new SurroundingsGatherer(sight).gather();
    }

    private SurroundingsFacts gather() {
        Known<WalRateMeter> meter = sight.onPrimary(session -> WalRateMeter.begin(session, LIMIT, false));
        Known<SurroundingsSurveyor> standbys =
                sight.standby().map(session -> surveyor(session, sight.request().standby()));
        Known<SurroundingsSurveyor> primarys = sight.primary()
                .map(session -> surveyor(session, sight.request().primary().orElseThrow()));
        Known<Surroundings> standby = standbys.flatMap(surveyor -> Looking.at(surveyor::survey));
        Known<Surroundings> primary = primarys.flatMap(surveyor -> Looking.at(surveyor::survey));
        Known<TimeZoneDifference> timeZones = primarys.flatMap(SurroundingsSurveyor::timeZones)
                .flatMap(theirs ->
                        standbys.flatMap(SurroundingsSurveyor::timeZones).map(theirs::to));
        Known<WalRate> rate = meter.flatMap(begun -> Looking.at(begun::rate));
        return new SurroundingsFacts(
                standby,
                primary,
                timeZones,
                rate,
                sight.dataDirectory().flatMap(directory -> sight.onHost(host -> machine(host, directory))),
                primaryMachine(),
                sight.dataDirectory()
                        .flatMap(directory -> sight.standby()
                                .flatMap(session -> sight.onHost(
                                        host -> new StorageReader(host, directory, session.major()).read()))),
                tls(sight.standby(), this::tlsFiles),
                tls(sight.standby(), session -> served(sight.request().standby())),
                tls(sight.primary(), session -> served(sight.request().primary().orElseThrow())));
    }

    private static SurroundingsSurveyor surveyor(Session session, Conninfo conninfo) {
        return new SurroundingsSurveyor(session, conninfo, LIMIT);
    }

    private static MachineFacts machine(Host host, String directory) {
        return MachineReader.read(
                host,
                PostmasterFile.findRunning(host, directory)
                        .map(postmaster -> Known.of(postmaster.pid()))
                        .orElseGet(() -> Known.unknown("no server runs in \"%s\"".formatted(directory))));
    }

    /** The host that was given for the primary; else this machine, if the primary's files are here. */
    private Known<MachineFacts> primaryMachine() {
        return sight.onPrimary(session -> {
                    ServerFacts server = new ServerFacts(session);
                    return new RunningCluster(
                            server.setting("data_directory").orElse(""),
                            Known.of(server.systemIdentifier()),
                            server.startedAt());
                })
                .flatMap(cluster -> sight.onPrimaryHost((named, here) -> primaryMachine(named, here, cluster)))
                .flatMap(found -> found);
    }

    private static Known<MachineFacts> primaryMachine(Optional<Host> named, Host here, RunningCluster cluster) {
        Host login = named.orElse(here);
        Host owner = FactsGatherer.asOwner(login, cluster.dataDirectory());
        return FilesAccess.look(named.map(host -> owner), owner, cluster, LIMIT)
                .map(access -> access.obstacle().isPresent()
                        ? MachineReader.read(
                                login, Known.unknown(access.obstacle().get()))
                        : machine(owner, cluster.dataDirectory()));
    }

    /** A server that does not do TLS need not have what its settings name. */
    private static <T> Known<T> tls(Known<Session> server, Function<Session, Known<T>> look) {
        return server.flatMap(session -> Looking.at(
                        () -> new ServerFacts(session).setting("ssl").orElse(""))
                .flatMap(ssl -> ssl.equals("on") ? look.apply(session) : Known.unknown("ssl is off")));
    }

    private Known<TlsFiles> tlsFiles(Session session) {
        ServerFacts server = new ServerFacts(session);
        return sight.dataDirectory()
                .flatMap(directory -> sight.onHost(host -> new TlsFilesReader(
                                host, directory, name -> server.setting(name).orElse(""))
                        .read()));
    }

    private static Known<Optional<CertificateFacts>> served(Conninfo conninfo) {
        return Looking.at(() -> first(ServedCertificates.read(ResolvedConninfo.of(conninfo), HANDSHAKE_LIMIT)));
    }

    private static Optional<CertificateFacts> first(List<X509Certificate> chain) {
        return chain.stream().findFirst().map(CertificateFacts::of);
    }
}
