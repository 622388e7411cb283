package dev.understudy.cli.doctor;

import dev.understudy.cli.run.HostPath;
import dev.understudy.cli.run.State;
import dev.understudy.doctor.gather.Request;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.BundleDirectory;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what is examined. */
final class Subject {
    @Option(
            names = {"-D", "--data-directory"},
            paramLabel = "DATADIR",
            description = "The standby's data directory, on the host given with --host.")
    private Optional<String> dataDirectory = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "local",
            description = "Where data directory, log, archive and receiver are: ${DEFAULT-VALUE} or"
                    + " ssh://user@host:port.")
    private String host = "local";

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description =
                    "The standby's log: stderr, csvlog or jsonlog; looked for where servers keep it if not given.")
    private Optional<String> log = Optional.empty();

    @Option(names = "--standby", paramLabel = "CONN", description = "Connection string or URI of the standby.")
    private Optional<String> standby = Optional.empty();

    @Option(names = "--primary", paramLabel = "CONN", description = "Connection string or URI of the primary.")
    private Optional<String> primary = Optional.empty();

    @Option(
            names = "--primary-host",
            paramLabel = "HOST",
            description =
                    "Where the primary's files are: local or ssh://user@host:port; its free disk is looked at there.")
    private Optional<String> primaryHost = Optional.empty();

    @Option(names = "--archive", paramLabel = "DIR", description = "The directory that restore_command reads.")
    private Optional<String> archive = Optional.empty();

    @Option(
            names = "--receiver",
            paramLabel = "DIR",
            description = "The directory that a pg_receivewal-like receiver writes.")
    private Optional<String> receiver = Optional.empty();

    @Option(names = "--slot", paramLabel = "SLOT", description = "The replication slot that is asked about.")
    private Optional<String> slot = Optional.empty();

    Optional<String> primary() {
        return primary;
    }

    boolean isEmpty() {
        return dataDirectory
                .or(() -> log)
                .or(() -> standby)
                .or(() -> primary)
                .or(() -> archive)
                .or(() -> receiver)
                .isEmpty();
    }

    Request request() {
        if (isEmpty()) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "nothing to examine was given")
                    .hint(
                            "Give what there is of -D, --log, --standby, --primary, --archive, --receiver; or --from FILE.")
                    .build();
        }
        return new Request(
                host,
                dataDirectory.map(this::absolute),
                log.map(this::absolute),
                standby.map(Conninfo::parse),
                primary.map(Conninfo::parse),
                primaryHost,
                archive.map(this::absolute),
                receiver.map(this::absolute),
                slot,
                State.bundles().list().stream().map(BundleDirectory::path).toList());
    }

    private String absolute(String path) {
        return HostPath.absolute(path, host);
    }
}
