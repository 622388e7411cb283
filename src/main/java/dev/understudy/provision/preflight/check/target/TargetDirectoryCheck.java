package dev.understudy.provision.preflight.check.target;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.Route;
import java.util.Optional;

/** A check that the data directory to be can be made without touching what is somebody else's. */
@CheckInfo(id = "target-directory", summary = "The data directory to be is absent, empty or this run's own")
public final class TargetDirectoryCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().target().existing()) {
            return skipped("the plan works on an existing standby");
        }
        return facts.target()
                .flatMap(target -> target.dataDirectory())
                .match(path -> judge(facts, path), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, PathFacts path) {
        String source = "ls of the standby's machine";
        if (facts.intent().target().ours() && path.kind() == PathFacts.Kind.DIRECTORY) {
            return pass("\"%s\" holds what an earlier part of this run has copied", path.path());
        }
        if (facts.intent().route() == Route.COMMAND && path.isAbsent()) {
            return pass("\"%s\" does not exist yet; whoever makes the copy makes it", path.path());
        }
        Optional<String> obstacle = Emptiness.obstacle(path);
        if (obstacle.isEmpty()) {
            return path.isAbsent()
                    ? pass("\"%s\" does not exist yet and can be made", path.path())
                    : pass("\"%s\" is there and empty", path.path());
        }
        PreflightResult result = fail("\"%s\" cannot be the new data directory: it %s", path.path(), obstacle.get())
                .seen("\"%s\" %s".formatted(path.path(), obstacle.get()), source);
        if (!path.entries().isEmpty()) {
            return result.hint(
                            "Understudy never overwrites what it did not make: give another directory, or move this one"
                                    + " away.")
                    .hint("To work on a stopped standby that is there, use the playbook \"reseed\".");
        }
        return result.hint(
                "Make it as root for the standby's account: install -d -m 700 -o %s \"%s\"",
                facts.target().value().map(target -> target.account().name()).orElse("postgres"), path.path());
    }
}
