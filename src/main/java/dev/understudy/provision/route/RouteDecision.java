package dev.understudy.provision.route;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Known;
import java.util.Optional;

/**
 * The route that the copy takes, with the reason.
 *
 * @param route never {@link Route#AUTO}
 * @param reason why, for people, after "because"
 * @param obstacle why it cannot be taken; empty if it can
 */
public record RouteDecision(Route route, String reason, Optional<String> obstacle) {
    private static final String PLAN = "the plan says so";

    /** Decides: what the plan says, else local before ssh before sql. */
    public static RouteDecision of(Route asked, Known<FilesAccess> files) {
        return switch (asked) {
            case AUTO -> automatic(files);
            case LOCAL -> new RouteDecision(asked, PLAN, localObstacle(files));
            case SSH -> new RouteDecision(asked, PLAN, sshObstacle(files));
            case SQL, BASEBACKUP, COMMAND -> new RouteDecision(asked, PLAN, Optional.empty());
        };
    }

    private static RouteDecision automatic(Known<FilesAccess> files) {
        Optional<String> obstacle = files.match(FilesAccess::obstacle, Optional::of);
        if (obstacle.isPresent()) {
            return new RouteDecision(
                    Route.SQL, "no shell can read the primary's files: " + obstacle.get(), Optional.empty());
        }
        FilesAccess access = files.value().orElseThrow();
        return access.local()
                ? new RouteDecision(
                        Route.LOCAL, "the primary runs on this machine and its files can be read", Optional.empty())
                : new RouteDecision(
                        Route.SSH, "the primary's files can be read on host " + access.machine(), Optional.empty());
    }

    private static Optional<String> localObstacle(Known<FilesAccess> files) {
        return files.match(
                found -> found.local()
                        ? found.obstacle()
                        : Optional.of("the primary's files are on host " + found.machine()),
                Optional::of);
    }

    private static Optional<String> sshObstacle(Known<FilesAccess> files) {
        return files.match(
                found -> found.local() ? Optional.of("no host was given for the primary's files") : found.obstacle(),
                Optional::of);
    }

    /**
     * This decision if the route can be taken.
     *
     * @throws UnderstudyException {@link ErrorCode#ROUTE_IMPOSSIBLE}
     */
    public RouteDecision orThrow() {
        if (obstacle.isEmpty()) {
            return this;
        }
        throw UnderstudyException.of(ErrorCode.ROUTE_IMPOSSIBLE, "cannot copy by the %s route", route.printed())
                .detail("The obstacle: %s.", obstacle.get())
                .hint("With -e via=auto Understudy takes the first route that works and says why.")
                .build();
    }
}
