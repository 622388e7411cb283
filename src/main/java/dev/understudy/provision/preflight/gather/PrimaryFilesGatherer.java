package dev.understudy.provision.preflight.gather;

import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.WalDirectory;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.route.FilesAccess;
import dev.understudy.provision.route.RunningCluster;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the primary's files with a shell. */
final class PrimaryFilesGatherer {
    /** Names that only an unfinished operation leaves in a data directory. */
    private static final List<String> LEFTOVERS = List.of(
            "backup_label",
            "tablespace_map",
            "pg_upgrade_output.d",
            "pg_upgrade_internal.log",
            "global/pg_control.old");

    /** What makes a standby; on a primary it was forgotten there. */
    private static final List<String> SIGNALS = List.of("recovery.conf", "recovery.signal", "standby.signal");

    private final Looks looks;
    private final ServerSurvey primary;

    private PrimaryFilesGatherer(Looks looks, ServerSurvey primary) {
        this.looks = looks;
        this.primary = primary;
    }

    /**
     * Looks on the host that the plan names, else on this machine, if it is the primary's.
     *
     * @param named the host that the plan names
     * @param here this machine
     */
    static Known<PrimaryFilesFacts> gather(Optional<Host> named, Host here, ServerSurvey primary, Duration limit) {
        PrimaryFilesGatherer gatherer = new PrimaryFilesGatherer(new Looks(named.orElse(here), limit), primary);
        RunningCluster cluster = new RunningCluster(
                primary.settings().text("data_directory"),
                primary.identity().systemIdentifier(),
                Instant.ofEpochSecond(primary.identity().startEpochSeconds()));
        Known<Known<PrimaryFilesFacts>> looked = Looks.known(() -> FilesAccess.look(named, here, cluster, limit)
                .map(access -> gatherer.facts(cluster.dataDirectory(), access.obstacle())));
        return looked.flatMap(found -> found);
    }

    private PrimaryFilesFacts facts(String directory, Optional<String> unreadable) {
        PathGatherer paths = new PathGatherer(looks);
        HostFiles files = looks.host().files();
        String wal = WalDirectory.of(primary.identity().version().major());
        return new PrimaryFilesFacts(
                new MachineGatherer(looks).machine(),
                looks.host().isLocal(),
                unreadable,
                paths.look(directory),
                unreadable.isPresent()
                        ? Known.unknown(unreadable.get())
                        : paths.look(files.realPath(directory + "/" + wal).orElse(directory + "/" + wal)),
                unreadable.isPresent() ? List.of() : leftovers(files, directory),
                unreadable.isPresent() ? Map.of() : realPaths(files));
    }

    private List<String> leftovers(HostFiles files, String directory) {
        List<String> names = new ArrayList<>(LEFTOVERS);
        if (!primary.identity().inRecovery()) {
            names.addAll(SIGNALS);
        }
        return names.stream()
                .filter(name -> files.status(directory + "/" + name).isPresent())
                .toList();
    }

    private Map<String, String> realPaths(HostFiles files) {
        Map<String, String> paths = new HashMap<>();
        for (TablespaceSurvey each : primary.storage().tablespaces().orElse(List.of())) {
            files.realPath(each.location()).ifPresent(real -> paths.put(each.location(), real));
        }
        return paths;
    }
}
