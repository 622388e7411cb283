package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.ControlSample;
import dev.understudy.promotion.facts.DatabaseState;
import dev.understudy.promotion.facts.WholeFacts;
import dev.understudy.server.Session;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ServerFacts;
import java.util.List;

/** Gathers what decides whether the standby is whole. */
final class WholeGatherer {
    private final Sight sight;
    private final Facts servers;

    WholeGatherer(Sight sight, Facts servers) {
        this.sight = sight;
        this.servers = servers;
    }

    WholeFacts gather() {
        Known<ControlSample> before = sight.onStandby(WholeGatherer::sample);
        Known<ControlFile> file = sight.dataDirectory()
                .flatMap(path -> sight.onHost(host -> ControlFileReader.readRetrying(
                        () -> host.files().read(path + "/" + ControlFileReader.PATH, ControlFileReader.FILE_BYTES))));
        Known<ControlSample> after = sight.onStandby(WholeGatherer::sample);
        return new WholeFacts(
                before,
                file,
                after,
                sight.onStandby(this::databases),
                servers.directory()
                        .flatMap(DirectoryFacts::control)
                        .flatMap(control -> sight.dataDirectory()
                                .flatMap(path -> sight.onHost(host -> new PageGatherer(
                                                host,
                                                path,
                                                control,
                                                sight.request().depth())
                                        .gather()))));
    }

    private List<DatabaseState> databases(Session session) {
        return new CatalogFacts(session)
                .databases().stream()
                        .filter(CatalogFacts.Database::allowsConnections)
                        .map(database -> new DatabaseGatherer(sight.request()).gather(database.name()))
                        .toList();
    }

    private static ControlSample sample(Session session) {
        ControlFacts control = new ControlFacts(session);
        ControlFacts.SystemVersions system = control.system();
        ControlFacts.Checkpoint checkpoint = control.checkpoint();
        ControlFacts.Init init = control.init();
        return new ControlSample(
                new ServerFacts(session).systemIdentifier(),
                system.controlVersion(),
                system.catalogVersion(),
                checkpoint.checkpointLsn(),
                checkpoint.redoLsn(),
                checkpoint.timeline(),
                init.blockSize(),
                init.walSegmentSize(),
                init.checksumVersion());
    }
}
