package dev.understudy.provision.preflight.check.target;

import dev.understudy.provision.preflight.facts.PathFacts;
import java.util.Optional;

/** What stands in the way of making a directory at a path. */
final class Emptiness {
    private Emptiness() {}

    /** The obstacle, in words after the path; empty if the directory can be made or is there, empty and writable. */
    static Optional<String> obstacle(PathFacts path) {
        return switch (path.kind()) {
            case ABSENT -> path.parentIssue();
            case FORBIDDEN -> Optional.of("may not be looked into by the standby's account");
            case OTHER -> Optional.of("is not a directory");
            case DIRECTORY -> inDirectory(path);
        };
    }

    private static Optional<String> inDirectory(PathFacts path) {
        if (!path.entries().isEmpty()) {
            return Optional.of("is not empty, with " + path.describeEntries());
        }
        return path.parentIssue();
    }
}
