package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;

/** A check for a huge number of files, where opening and flushing them takes longer than carrying their bytes. */
@CheckInfo(id = "file-count", summary = "The number of files is not so large that it decides how long the copy takes")
public final class FileCountCheck implements PreflightCheck {
    /** About what the start-up's own flush of the whole tree takes minutes for. */
    private static final long MANY = 500_000;

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .flatMap(primary -> primary.contents().relations())
                .match(this::judge, this::skipped);
    }

    private PreflightResult judge(long relations) {
        if (relations < MANY) {
            return pass("about %d relation files are to be copied", relations);
        }
        return warn(
                        "about %d relation files are to be copied: their number, not their size, decides how long it takes",
                        relations)
                .seen(relations + " relations", "pg_class of the databases looked into")
                .hint("Use more workers; with PostgreSQL 14 or newer set recovery_init_sync_method=syncfs among the"
                        + " standby's settings, so that its first start does not open every file again.");
    }
}
