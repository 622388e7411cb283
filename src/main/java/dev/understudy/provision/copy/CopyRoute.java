package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.copy.CopyOptions.RouteName;
import dev.understudy.provision.site.PrimarySite;
import java.util.Optional;

/**
 * The way the bytes take, and why.
 *
 * @param name never {@code AUTO}
 * @param reason a clause for people: why this one
 */
public record CopyRoute(RouteName name, String reason) {
    /**
     * Decides: what the plan says if that can be taken; with {@code auto} this machine's own files before a shell on the
     * primary's before SQL.
     *
     * @param cluster the primary's
     * @throws UnderstudyException {@link ErrorCode#ROUTE_IMPOSSIBLE}
     */
    public static CopyRoute decide(PrimarySite primary, RouteName wanted, SourceCluster cluster) {
        return switch (wanted) {
            case AUTO -> choose(primary, cluster);
            case LOCAL ->
                local(primary, cluster)
                        .orElseThrow(
                                () -> impossible(
                                        "local",
                                        "The primary's host must be given as \"local\", and its files be on this machine and readable by this account."));
            case SSH ->
                ssh(primary, cluster)
                        .orElseThrow(
                                () -> impossible(
                                        "ssh",
                                        "The primary's host must be given as ssh://user@host, and its files be there and readable by that account."));
            case SQL -> new CopyRoute(RouteName.SQL, "the plan says so");
        };
    }

    private static CopyRoute choose(PrimarySite primary, SourceCluster cluster) {
        return local(primary, cluster)
                .or(() -> ssh(primary, cluster))
                .orElseGet(() -> new CopyRoute(
                        RouteName.SQL,
                        primary.host()
                                .map(host ->
                                        "the running primary's files cannot be read on host \"" + host.name() + "\"")
                                .orElse("no way to the primary's files was given")));
    }

    private static Optional<CopyRoute> local(PrimarySite primary, SourceCluster cluster) {
        return primary.host()
                .filter(Host::isLocal)
                .filter(host -> isReadable(host, cluster))
                .map(host -> new CopyRoute(RouteName.LOCAL, "the primary's files are on this machine"));
    }

    private static Optional<CopyRoute> ssh(PrimarySite primary, SourceCluster cluster) {
        return primary.host()
                .filter(host -> !host.isLocal())
                .filter(host -> isReadable(host, cluster))
                .map(host -> new CopyRoute(
                        RouteName.SSH, "the primary's files can be read on host \"" + host.name() + "\""));
    }

    /** The path alone says little: another server of the same cluster may have its files there, on another machine. */
    private static boolean isReadable(Host host, SourceCluster cluster) {
        String directory = cluster.dataDirectory();
        return host.run(Command.of("test", "-r", directory + "/global/pg_control"))
                        .succeeded()
                && PostmasterFile.read(host, directory)
                        .filter(postmaster -> postmaster.wasStartedAt(cluster.startedAt()))
                        .isPresent();
    }

    private static UnderstudyException impossible(String route, String detail) {
        return UnderstudyException.of(ErrorCode.ROUTE_IMPOSSIBLE, "cannot copy by the %s route", route)
                .detail("%s", detail)
                .hint("With -e via=auto Understudy takes the first route that works and says why.")
                .build();
    }
}
