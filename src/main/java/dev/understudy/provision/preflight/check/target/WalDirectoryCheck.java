package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import java.util.Optional;

/** A check of the directory for the standby's WAL where the plan puts it elsewhere: absolute, empty or ours, not inside of the data directory. */
@CheckInfo(id = "wal-directory", summary = "The WAL directory to be is absent, empty or this run's own")
public final class WalDirectoryCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        Optional<String> wanted = facts.intent().target().walDirectory();
        if (wanted.isEmpty()) {
            return skipped("the standby's WAL goes into its data directory");
        }
        if (!wanted.get().startsWith("/")) {
            return fail("the WAL directory \"%s\" is not an absolute path", wanted.get());
        }
        return facts.target().match(target -> judge(facts, target), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, TargetFacts target) {
        return target.walDirectory()
                .orElse(Known.unknown("it was not looked at"))
                .match(path -> judge(facts, target, path), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, TargetFacts target, PathFacts path) {
        Optional<PathFacts> data = target.dataDirectory().value();
        if (data.filter(directory -> path.isWithin(directory.realPath())).isPresent()) {
            return fail("the WAL directory \"%s\" lies inside of the data directory", path.path())
                    .hint("Leave wal_directory out, or put it on another file system.");
        }
        boolean kept = facts.intent().target().ours() || facts.intent().target().existing();
        Optional<String> obstacle = Emptiness.obstacle(path);
        if (kept && path.kind() == PathFacts.Kind.DIRECTORY || obstacle.isEmpty()) {
            return pass("the WAL directory \"%s\" can be used", path.path());
        }
        return fail("\"%s\" cannot be the WAL directory: it %s", path.path(), obstacle.get())
                .seen("\"%s\" %s".formatted(path.path(), obstacle.get()), "ls of the standby's machine")
                .hint("Give another directory; what is there is left as it is.");
    }
}
