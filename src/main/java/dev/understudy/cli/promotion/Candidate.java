package dev.understudy.cli.promotion;

import dev.understudy.cli.run.HostPath;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which standby is checked, and against what. */
final class Candidate {
    @Option(names = "--standby", paramLabel = "CONN", description = "Connection string or URI of the standby.")
    private Optional<String> standby = Optional.empty();

    @Option(
            names = "--primary",
            paramLabel = "CONN",
            description = "Connection string or URI of the primary; it may be down, and then less is known.")
    private Optional<String> primary = Optional.empty();

    @Option(
            names = {"-D", "--data-directory"},
            paramLabel = "DATADIR",
            description = "The standby's data directory, on the host given with --host.")
    private Optional<String> dataDirectory = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "local",
            description = "Where the data directory is: ${DEFAULT-VALUE} or ssh://user@host:port.")
    private String host = "local";

    @Option(
            names = "--primary-host",
            paramLabel = "HOST",
            description =
                    "The primary's machine, to compare with: ssh://user@host:port. By default this machine is looked"
                            + " at, in case the primary runs here.")
    private Optional<String> primaryHost = Optional.empty();

    @Option(
            names = "--downstream",
            paramLabel = "CONN",
            description = "Connection string or URI of a standby that shall follow afterwards; may be repeated.")
    private List<String> downstreams = new ArrayList<>();

    @Option(
            names = "--depth",
            paramLabel = "quick|full",
            defaultValue = "quick",
            description = "How deep corruption is looked for: the catalogs, or all that there is; ${DEFAULT-VALUE} by"
                    + " default.")
    private Depth depth = Depth.QUICK;

    PromotionRequest request(Policy policy) {
        String given = standby.orElseThrow(
                () -> UnderstudyException.of(ErrorCode.VALUE_INVALID, "no standby to check was given")
                        .hint("Give its connection string with --standby; or saved facts with --from FILE.")
                        .build());
        return new PromotionRequest(
                Conninfo.parse(given),
                primary.map(Conninfo::parse),
                host,
                dataDirectory.map(path -> HostPath.absolute(path, host)),
                downstreams.stream().map(Conninfo::parse).toList(),
                depth,
                primaryHost,
                policy);
    }
}
