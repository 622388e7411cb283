package dev.understudy.provision.preflight.gather;

import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.guard.GuardState;
import dev.understudy.provision.preflight.facts.CloneFacts;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.volume.ClusterPaths;
import dev.understudy.provision.volume.VolumeGatherer;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the source's machine for what a clone of it depends on. */
final class CloneGatherer {
    private static final List<String> CONFIGURATION = List.of("config_file", "hba_file", "ident_file");

    private CloneGatherer() {}

    static CloneFacts gather(Optional<Host> host, Intent intent, Known<ServerSurvey> source) {
        if (intent.route() != Route.COMMAND) {
            return CloneFacts.unknown("the plan does not leave the copy to somebody else");
        }
        if (host.isEmpty()) {
            return CloneFacts.unknown("the plan names no host for the source's files (primary_host)");
        }
        String data =
                source.map(found -> found.settings().text("data_directory")).orElse("");
        if (data.isEmpty()) {
            return CloneFacts.unknown(source.isKnown() ? "the role may not see data_directory" : source.reason());
        }
        ServerSurvey survey = source.value().orElseThrow();
        return new CloneFacts(
                Looks.known(() -> VolumeGatherer.gather(host.get(), paths(survey, intent, data), intent.volumes())),
                Looks.known(() -> GuardState.look(host.get(), data)));
    }

    private static ClusterPaths paths(ServerSurvey source, Intent intent, String data) {
        String wal = source.identity().version().major().isAtLeast(ServerMajor.V10) ? "/pg_wal" : "/pg_xlog";
        Map<String, String> tablespaces = new LinkedHashMap<>();
        for (TablespaceSurvey each : source.storage().tablespaces().orElse(List.of())) {
            tablespaces.put(each.name(), each.location());
        }
        Map<String, String> configuration = new LinkedHashMap<>();
        for (String name : CONFIGURATION) {
            String path = source.settings().text(name);
            if (!path.isEmpty() && !path.startsWith(data + "/")) {
                configuration.put(name, path);
            }
        }
        boolean walIsReplaced = intent.target().walDirectory().isPresent();
        return new ClusterPaths(
                data, walIsReplaced ? Optional.empty() : Optional.of(data + wal), tablespaces, configuration);
    }
}
