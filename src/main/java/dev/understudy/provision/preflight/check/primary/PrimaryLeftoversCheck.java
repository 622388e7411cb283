package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;

/** A check for files in a running primary's data directory that should not be there: labels of backups nobody ended, signal files, what pg_upgrade and pg_rewind leave. */
@CheckInfo(
        id = "primary-leftovers",
        summary = "Nothing in the primary's data directory speaks of an unfinished backup, restore or upgrade")
public final class PrimaryLeftoversCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primaryFiles()
                .match(this::judge, reason -> skipped("the primary's data directory cannot be listed: " + reason));
    }

    private PreflightResult judge(PrimaryFilesFacts files) {
        if (files.leftovers().isEmpty()) {
            return pass("nothing unfinished lies in the primary's data directory");
        }
        PreflightResult result = warn(
                "the primary's data directory holds %d thing%s of an unfinished operation: %s",
                files.leftovers().size(),
                files.leftovers().size() == 1 ? "" : "s",
                String.join(", ", files.leftovers()));
        return result.seen(String.join(", ", files.leftovers()), "ls of the data directory")
                .hint(
                        "Labels and signal files are never copied. Find out who left them before the primary is restarted:"
                                + " it could refuse to start, or come up as something else.");
    }
}
