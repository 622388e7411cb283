package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.server.surroundings.Databases;
import java.util.function.Function;

/** Databases that could not be looked into: what they hold is not known, so that nothing passes for them. */
final class NotSeen {
    private static final int MOST_SHOWN = 3;

    private NotSeen() {}

    /** The result where all databases were seen; else skipped, with the reason. */
    static CheckResult unless(Databases databases, String id, Function<CheckResult.Builder, CheckResult> judge) {
        return databases.notSeen().isEmpty()
                ? judge.apply(CheckResult.builder(id))
                : CheckResult.skipped(
                        id, "databases that could not be looked into: " + Names.first(databases.notSeen(), MOST_SHOWN));
    }

    static void note(Databases databases, CheckResult.Builder result) {
        if (!databases.notSeen().isEmpty()) {
            result.seen("not looked into", Names.first(databases.notSeen(), MOST_SHOWN));
        }
    }
}
