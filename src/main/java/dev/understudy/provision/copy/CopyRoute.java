package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
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
     * @param dataDirectory the primary's, on its own machine
     * @throws UnderstudyException {@link ErrorCode#ROUTE_IMPOSSIBLE}
     */
    public static CopyRoute decide(PrimarySite primary, RouteName wanted, String dataDirectory) {
        return switch (wanted) {
            case AUTO -> choose(primary, dataDirectory);
            case LOCAL ->
                local(primary, dataDirectory)
                        .orElseThrow(
                                () -> impossible(
                                        "local",
                                        "The primary's host must be given as \"local\", and its files be readable by this account."));
            case SSH ->
                ssh(primary, dataDirectory)
                        .orElseThrow(
                                () -> impossible(
                                        "ssh",
                                        "The primary's host must be given as ssh://user@host, and its files be readable by that account."));
            case SQL -> new CopyRoute(RouteName.SQL, "the plan says so");
        };
    }

    private static CopyRoute choose(PrimarySite primary, String dataDirectory) {
        return local(primary, dataDirectory)
                .or(() -> ssh(primary, dataDirectory))
                .orElseGet(() -> new CopyRoute(
                        RouteName.SQL,
                        primary.host()
                                .map(host -> "the primary's files cannot be read on host \"" + host.name() + "\"")
                                .orElse("no way to the primary's files was given")));
    }

    private static Optional<CopyRoute> local(PrimarySite primary, String dataDirectory) {
        return primary.host()
                .filter(Host::isLocal)
                .filter(host -> isReadable(host, dataDirectory))
                .map(host -> new CopyRoute(RouteName.LOCAL, "the primary's files are on this machine"));
    }

    private static Optional<CopyRoute> ssh(PrimarySite primary, String dataDirectory) {
        return primary.host()
                .filter(host -> !host.isLocal())
                .filter(host -> isReadable(host, dataDirectory))
                .map(host -> new CopyRoute(
                        RouteName.SSH, "the primary's files can be read on host \"" + host.name() + "\""));
    }

    private static boolean isReadable(Host host, String dataDirectory) {
        return host.run(Command.of("test", "-r", dataDirectory + "/global/pg_control"))
                .succeeded();
    }

    private static UnderstudyException impossible(String route, String detail) {
        return UnderstudyException.of(ErrorCode.ROUTE_IMPOSSIBLE, "cannot copy by the %s route", route)
                .detail("%s", detail)
                .hint("With -e via=auto Understudy takes the first route that works and says why.")
                .build();
    }
}
