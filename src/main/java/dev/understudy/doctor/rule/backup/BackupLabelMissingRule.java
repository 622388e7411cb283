package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.backup.BackupLabel;
import java.util.List;
import java.util.Optional;

/**
 * A standby that was copied from a running primary without a label, so that it began replay at a place of its own
 * choosing: it either refuses to start, or opens with parts of different times in it.
 */
public final class BackupLabelMissingRule implements Rule {
    private static final String ID = "backup-label-missing";
    private static final String LOUD =
            "The copy has no backup_label, and the WAL that it would have to begin with is not in it";
    private static final String SILENT =
            "The copy was made of a running server without a backup_label; it opens, and cannot be trusted";
    private static final String PERHAPS =
            "Either this is a copy of a running server without a backup_label, which cannot be trusted, or a primary that"
                    + " crashed here itself; its log does not reach back far enough to tell";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        if (directory.isEmpty() || !directory.get().isToldToFollow() || hasLabel(directory.get())) {
            return List.of();
        }
        Optional<LogEvent> refused = View.failedStart(facts, "checkpoint-missing");
        Optional<LogEvent> crashed = facts.log().value().flatMap(BackupLabelMissingRule::tookItselfForAPrimary);
        if (refused.isEmpty() && crashed.isEmpty()) {
            return List.of();
        }
        // The end of a log does not tell what ran here before.
        boolean sure = refused.isPresent()
                || facts.log().value().filter(LogFacts::truncated).isEmpty();
        Builder finding = sure ? Finding.error(ID, "standby") : Finding.warning(ID, "standby");
        return List.of(finding.seen(directory.get().path(), "neither backup_label nor backup_label.old is there")
                .seen(refused.or(() -> crashed).map(event -> View.sign(facts, event)))
                .remedy(Reseed.remedy(facts))
                .says(refused.isPresent() ? LOUD : sure ? SILENT : PERHAPS));
    }

    /**
     * The start with which a copy of a running primary recovers as that primary would after a crash. A primary that crashed
     * here itself and was told to follow its successor starts just so, and is in order; what it wrote to this log before
     * tells it apart.
     */
    private static Optional<LogEvent> tookItselfForAPrimary(LogFacts log) {
        Optional<LogEvent> start = log.events().stream()
                .filter(event -> event.id().equals("not-shut-down"))
                .findFirst();
        return start.filter(event -> log.events().stream()
                .noneMatch(earlier -> earlier.lastLine() < event.lastLine()
                        && earlier.id().equals("ready")
                        && !earlier.text().contains("read-only")
                        && !earlier.text().contains("read only")));
    }

    private static boolean hasLabel(DirectoryFacts directory) {
        return directory.has(BackupLabel.FILE_NAME) || directory.has(BackupLabel.OLD_FILE_NAME);
    }
}
