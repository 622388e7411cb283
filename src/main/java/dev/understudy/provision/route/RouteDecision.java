package dev.understudy.provision.preflight.check;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.request.Route;
import java.util.Optional;

/**
 * The route that the copy takes, with the reason.
 *
 * @param route never {@link Route#AUTO}
 * @param reason why, for people, after "because"
 * @param obstacle why it cannot be taken; empty if it can
 */
public record RouteDecision(Route route, String reason, Optional<String> obstacle) {
    /** Decides: what the plan says, else local before ssh before sql. */
    public static RouteDecision of(PreflightFacts facts) {
        Route asked = facts.intent().route();
        return switch (asked) {
            case AUTO -> automatic(facts);
            case LOCAL -> new RouteDecision(asked, "the plan says so", localObstacle(facts.primaryFiles()));
            case SSH -> new RouteDecision(asked, "the plan says so", sshObstacle(facts.primaryFiles()));
            case SQL, BASEBACKUP, COMMAND -> new RouteDecision(asked, "the plan says so", Optional.empty());
        };
    }

    private static RouteDecision automatic(PreflightFacts facts) {
        Optional<PrimaryFilesFacts> files = facts.primaryFiles().value();
        Optional<String> obstacle = files.map(PrimaryFilesFacts::readable)
                .orElse(Optional.of(facts.primaryFiles().reason()));
        if (files.isPresent() && obstacle.isEmpty()) {
            String machine = files.get().machine().name();
            return files.get().local()
                    ? new RouteDecision(
                            Route.LOCAL, "the primary runs on this machine and its files can be read", Optional.empty())
                    : new RouteDecision(
                            Route.SSH, "the primary's files can be read on host " + machine, Optional.empty());
        }
        return new RouteDecision(
                Route.SQL,
                "no shell can read the primary's files: " + obstacle.orElse("nothing was tried"),
                Optional.empty());
    }

    private static Optional<String> localObstacle(Known<PrimaryFilesFacts> files) {
        return files.match(
                found -> found.local()
                        ? found.readable()
                        : Optional.of("the primary's files are on host "
                                + found.machine().name()),
                Optional::of);
    }

    private static Optional<String> sshObstacle(Known<PrimaryFilesFacts> files) {
        return files.match(
                found -> found.local() ? Optional.of("no host was given for the primary's files") : found.readable(),
                Optional::of);
    }
}
