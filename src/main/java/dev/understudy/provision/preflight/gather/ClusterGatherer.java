package dev.understudy.provision.preflight.gather;

import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Known;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.copy.TargetClaim;
import dev.understudy.provision.preflight.facts.ExistingCluster;
import dev.understudy.transfer.files.TargetLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a database cluster that lies in a directory. */
final class ClusterGatherer {
    /** A postmaster's working directory is its data directory. */
    private static final String PROCESS = """
            [ -d "/proc/$1" ] || { kill -0 "$1" 2>/dev/null && echo alive; exit 0; }
            echo alive
            [ "$(readlink "/proc/$1/cwd" 2>/dev/null)" = "$2" ] && echo here
            [ -r "/proc/$1/cwd" ] || cat "/proc/$1/comm"
            """;

    private final Looks looks;
    private final HostFiles files;

    ClusterGatherer(Looks looks) {
        this.looks = looks;
        this.files = looks.host().files();
    }

    /** The cluster; empty if the directory holds none. */
    Known<Optional<ExistingCluster>> look(String directory) {
        return Looks.known(() ->
                files.status(directory + "/PG_VERSION").isEmpty() ? Optional.empty() : Optional.of(cluster(directory)));
    }

    /** A control file, which a running server may be writing. */
    private Known<ControlFile> control(String directory, String file) {
        return Looks.known(() -> ControlFileReader.readRetrying(() -> files.read(directory + "/" + file, 1 << 20)));
    }

    /** Where an attempt to seed the directory anew was cut short, the control file has another name. */
    private String controlFile(String directory) {
        return Stream.of(ControlFileReader.PATH, TargetLayout.PENDING_CONTROL_FILE, TargetClaim.FORMER_CONTROL_FILE)
                .filter(name -> files.status(directory + "/" + name).isPresent())
                .findFirst()
                .orElse(ControlFileReader.PATH);
    }

    private ExistingCluster cluster(String directory) {
        Known<ControlFile> control = control(directory, controlFile(directory));
        int pid = postmaster(directory);
        List<String> process = pid == 0 ? List.of() : process(pid, directory);
        boolean live = process.contains("here") || process.contains("postgres");
        boolean standby = List.of("standby.signal", "recovery.signal", "recovery.conf").stream()
                .anyMatch(name -> files.status(directory + "/" + name).isPresent());
        return new ExistingCluster(
                text(directory + "/PG_VERSION").strip(),
                control.map(ControlFile::systemIdentifier),
                control.map(found -> found.state().words()),
                live ? pid : 0,
                live ? 0 : pid,
                standby);
    }

    private List<String> process(int pid, String directory) {
        String real = files.realPath(directory).orElse(directory);
        return looks.print(PROCESS, Integer.toString(pid), real).lines().toList();
    }

    /** The process id in postmaster.pid; 0 if there is no such file. */
    private int postmaster(String directory) {
        return PostmasterFile.read(looks.host(), directory)
                .map(file -> Math.toIntExact(file.pid()))
                .orElse(0);
    }

    private String text(String path) {
        return new String(files.read(path, 64 << 10), StandardCharsets.UTF_8);
    }
}
