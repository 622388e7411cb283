package dev.understudy.provision.route;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Known;
import dev.understudy.provision.control.PostmasterFile;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a shell can read the files of a running server.
 *
 * @param machine name of the host with the shell
 * @param local whether that is this machine
 * @param obstacle why the files cannot be read there; empty if they can
 */
public record FilesAccess(String machine, boolean local, Optional<String> obstacle) {
    private static final int MOST_CONTROL_BYTES = 1 << 20;

    private static final String READABLE = """
            cd "$1" 2>/dev/null || { echo "the account may not enter it"; exit; }
            for f in PG_VERSION global/pg_control base global; do
                [ -r "$f" ] || { echo "the account may not read $f in it"; exit; }
            done
            """;

    /**
     * Looks on the host that the plan names; where it names none, on this machine, in case the server runs here.
     *
     * @param named the host that the plan names
     * @param here this machine
     * @param limit of each look
     * @return unknown, with the reason, where no host was named and this machine does not have the files
     * @throws UnderstudyException if the host cannot be asked
     */
    public static Known<FilesAccess> look(Optional<Host> named, Host here, RunningCluster cluster, Duration limit) {
        String directory = cluster.dataDirectory();
        if (directory.isEmpty()) {
            return Known.unknown("the role may not see data_directory (it takes pg_read_all_settings)");
        }
        Host host = named.orElse(here);
        String unreadable = host.run(
                        Command.shell(READABLE, directory).withLimit(limit).asLook())
                .text();
        if (named.isPresent()) {
            Optional<String> obstacle = unreadable.isEmpty()
                    ? foreign(host, cluster)
                    : Optional.of("\"%s\": %s".formatted(directory, unreadable));
            return Known.of(new FilesAccess(host.name(), host.isLocal(), obstacle));
        }
        if (!unreadable.isEmpty()) {
            return Known.unknown(
                    host.files().status(directory).isEmpty()
                            ? "no host was given for them, and \"%s\" is not on this machine".formatted(directory)
                            : "\"%s\": %s (\"%s\")"
                                    .formatted(
                                            directory,
                                            unreadable,
                                            host.account().name()));
        }
        return foreign(host, cluster)
                .<Known<FilesAccess>>map(
                        reason -> Known.unknown("no host was given for them, and on this machine " + reason))
                .orElseGet(() -> Known.of(new FilesAccess(host.name(), host.isLocal(), Optional.empty())));
    }

    /** Whether it is the very server that answered: its cluster, and its postmaster's start. */
    private static Optional<String> foreign(Host host, RunningCluster cluster) {
        String directory = cluster.dataDirectory();
        Optional<ControlFile> control = control(host, directory);
        Optional<String> other = control.map(ControlFile::systemIdentifier)
                .filter(found -> cluster.systemIdentifier().isKnown())
                .filter(found -> !cluster.systemIdentifier().is(found))
                .map(found -> "\"%s\" holds another cluster (system identifier %s)".formatted(directory, found));
        if (other.isPresent()) {
            return other;
        }
        return PostmasterFile.read(host, directory)
                        .filter(postmaster -> postmaster.wasStartedAt(cluster.startedAt()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("\"%s\" is not the directory of the server that answered".formatted(directory));
    }

    /** Empty where it cannot be made sense of: the postmaster's start still tells. */
    private static Optional<ControlFile> control(Host host, String directory) {
        try {
            return Optional.of(ControlFileReader.readRetrying(
                    () -> host.files().read(directory + "/" + ControlFileReader.PATH, MOST_CONTROL_BYTES)));
        } catch (UnderstudyException e) {
            return Optional.empty();
        }
    }
}
