package dev.understudy.provision.preflight.gather;

import dev.understudy.host.FileStatus;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.OutsideFiles;
import dev.understudy.provision.preflight.facts.ClusterConfiguration;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the machine and the place where the standby is to be. */
final class TargetGatherer {
    private static final Pattern SOCKET_LOCK = Pattern.compile("\\.s\\.PGSQL\\.(\\d{1,5})\\.lock");

    private static final String PRESENT = "for f; do [ -r \"$f\" ] && printf '1\\n' || printf '0\\n'; done";

    private final Looks looks;
    private final Intent intent;
    private final Known<ServerSurvey> primary;
    private final MachineGatherer machine;
    private final PathGatherer paths;

    TargetGatherer(Looks looks, Intent intent, Known<ServerSurvey> primary) {
        this.looks = looks;
        this.intent = intent;
        this.primary = primary;
        this.machine = new MachineGatherer(looks);
        this.paths = new PathGatherer(looks);
    }

    TargetFacts gather(MachineFacts facts, Known<Boolean> sameMachine, Known<PrimaryFilesFacts> files) {
        String data = intent.target().dataDirectory();
        Optional<String> socketDirectory = socketDirectory();
        Optional<Known<ClusterConfiguration>> configuration = intent.target()
                .cluster()
                .map(cluster -> Looks.known(() -> new ClusterConfigurationGatherer(looks).gather(cluster)));
        return new TargetFacts(
                facts,
                looks.host().account(),
                paths.lookForRoom(data),
                intent.target().walDirectory().map(paths::lookForRoom),
                tablespaces(),
                socketDirectory.map(paths::look),
                new ClusterGatherer(looks).look(data),
                installation(sameMachine, files),
                port(sameMachine, configuration),
                machine.listeningPorts(),
                socketDirectory
                        .map(this::socketLocks)
                        .orElseGet(() -> Known.unknown("the socket directory is not known")),
                machine.addresses(),
                configuration,
                Looks.known(this::presentFiles));
    }

    /** The plan's, else the first that the standby inherits. */
    private Optional<String> socketDirectory() {
        return intent.target()
                .socketDirectory()
                .or(() -> primary.value()
                        .flatMap(found -> found.settings().list("unix_socket_directories").stream()
                                .filter(path -> path.startsWith("/"))
                                .findFirst()));
    }

    private Map<String, Known<PathFacts>> tablespaces() {
        Map<String, Known<PathFacts>> places = new HashMap<>();
        for (TablespaceSurvey each :
                primary.flatMap(found -> found.storage().tablespaces()).orElse(List.of())) {
            String place = intent.target().tablespaces().getOrDefault(each.location(), each.location());
            places.put(each.location(), paths.lookForRoom(place));
        }
        return places;
    }

    private Known<InstallationFacts> installation(Known<Boolean> sameMachine, Known<PrimaryFilesFacts> files) {
        Optional<ServerMajor> major =
                primary.value().map(found -> found.identity().version().major());
        Known<Known<InstallationFacts>> found = Looks.known(() -> new InstallationGatherer(looks)
                .find(intent.target().binDirectory(), major, sameMachine.is(true) ? hints(files) : List.of()));
        return found.flatMap(each -> each);
    }

    /** Where the primary's own programs are: the first word of postmaster.opts. */
    private List<String> hints(Known<PrimaryFilesFacts> files) {
        return files.value()
                .flatMap(found -> found.dataDirectory().value())
                .map(data -> looks.print("head -n 1 \"$1/postmaster.opts\" 2>/dev/null", data.realPath()))
                .map(line -> line.split(" ", 2)[0].replace("\"", ""))
                .filter(program -> program.endsWith("/postgres"))
                .map(program -> List.of(program.substring(0, program.length() - "/postgres".length())))
                .orElse(List.of());
    }

    /** The plan's; its own configuration's; the primary's where the machines differ; else it is chosen later. */
    private Optional<Integer> port(Known<Boolean> sameMachine, Optional<Known<ClusterConfiguration>> configuration) {
        Optional<Long> theirs = sameMachine.is(false)
                ? primary.value().flatMap(found -> found.settings().number("port"))
                : Optional.empty();
        return intent.target()
                .port()
                .or(() -> configuration.flatMap(Known::value).flatMap(ClusterConfiguration::port))
                .or(() -> theirs.map(Long::intValue));
    }

    private Known<Set<Integer>> socketLocks(String directory) {
        return Looks.known(() -> {
            Set<Integer> ports = new HashSet<>();
            if (looks.host().files().status(directory).isEmpty()) {
                return ports;
            }
            for (FileStatus each : looks.host()
                    .files()
                    .list(looks.host().files().realPath(directory).orElse(directory))) {
                Matcher matcher = SOCKET_LOCK.matcher(each.path());
                if (matcher.matches()) {
                    ports.add(Integer.parseInt(matcher.group(1)));
                }
            }
            return ports;
        });
    }

    private Set<String> presentFiles() {
        List<String> outside = primary.value()
                .map(found -> List.copyOf(
                        OutsideFiles.of(found.settings(), intent.settings()).values()))
                .orElse(List.of());
        if (outside.isEmpty()) {
            return Set.of();
        }
        List<String> answers =
                looks.print(PRESENT, outside.toArray(String[]::new)).lines().toList();
        Set<String> present = new HashSet<>();
        for (int i = 0; i < Math.min(answers.size(), outside.size()); i++) {
            if (answers.get(i).equals("1")) {
                present.add(outside.get(i));
            }
        }
        return present;
    }
}
