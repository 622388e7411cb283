package dev.understudy.provision.preflight.gather;

import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.time.Duration;
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

    private static final String READABLE = """
            cd "$1" 2>/dev/null || { echo "the account may not enter it"; exit; }
            for f in PG_VERSION global/pg_control base global; do
                [ -r "$f" ] || { echo "the account may not read $f in it"; exit; }
            done
            """;

    private final Looks looks;
    private final ServerSurvey primary;
    private final boolean given;

    private PrimaryFilesGatherer(Looks looks, ServerSurvey primary, boolean given) {
        this.looks = looks;
        this.primary = primary;
        this.given = given;
    }

    /**
     * Looks on the host that the plan names, else on this machine, if it is the primary's.
     *
     * @param named the host that the plan names
     * @param here this machine
     */
    static Known<PrimaryFilesFacts> gather(Optional<Host> named, Host here, ServerSurvey primary, Duration limit) {
        Host host = named.orElse(here);
        PrimaryFilesGatherer gatherer = new PrimaryFilesGatherer(new Looks(host, limit), primary, named.isPresent());
        String directory = primary.settings().text("data_directory");
        if (directory.isEmpty()) {
            return Known.unknown("role \"%s\" may not see data_directory (it takes pg_read_all_settings)"
                    .formatted(primary.role().name()));
        }
        Known<Known<PrimaryFilesFacts>> looked = Looks.known(() -> gatherer.look(directory));
        return looked.flatMap(found -> found);
    }

    private Known<PrimaryFilesFacts> look(String directory) {
        Host host = looks.host();
        ClusterGatherer cluster = new ClusterGatherer(looks);
        String unreadable = looks.print(READABLE, directory);
        Optional<String> readable =
                unreadable.isEmpty() ? Optional.empty() : Optional.of("\"%s\": %s".formatted(directory, unreadable));
        if (readable.isPresent() && !given) {
            return Known.unknown(
                    host.files().status(directory).isEmpty()
                            ? "no host was given for them, and \"%s\" is not on this machine".formatted(directory)
                            : readable.get()
                                    + " (\"%s\")".formatted(host.account().name()));
        }
        Optional<String> foreign = readable.isPresent() ? readable : foreign(cluster, directory);
        if (foreign.isPresent() && !given) {
            return Known.unknown("no host was given for them, and on this machine " + foreign.get());
        }
        return Known.of(facts(directory, foreign));
    }

    /** Whether it is the very server that answered: its cluster, and its postmaster's start. */
    private Optional<String> foreign(ClusterGatherer cluster, String directory) {
        Known<SystemIdentifier> there = cluster.control(directory).map(control -> control.systemIdentifier());
        Optional<SystemIdentifier> expected =
                primary.identity().systemIdentifier().value();
        if (there.isKnown() && expected.isPresent() && !there.is(expected.get())) {
            return Optional.of("\"%s\" holds another cluster (system identifier %s)".formatted(directory, there));
        }
        Known<Long> start = Looks.known(() -> cluster.postmasterStart(directory));
        long difference = Math.abs(start.orElse(0L) - primary.identity().startEpochSeconds());
        return difference <= 2
                ? Optional.empty()
                : Optional.of("\"%s\" is not the directory of the server that answered".formatted(directory));
    }

    private PrimaryFilesFacts facts(String directory, Optional<String> unreadable) {
        PathGatherer paths = new PathGatherer(looks);
        HostFiles files = looks.host().files();
        String wal = primary.identity().version().major().isAtLeast(ServerMajor.V10) ? "pg_wal" : "pg_xlog";
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
