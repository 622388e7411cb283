package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
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
        Optional<LogEvent> crashed = facts.log()
                .value()
                .flatMap(log -> log.events().stream()
                        .filter(event -> event.id().equals("not-shut-down"))
                        .findFirst());
        if (refused.isEmpty() && crashed.isEmpty()) {
            return List.of();
        }
        LogEvent event = refused.or(() -> crashed).get();
        String summary = refused.isPresent()
                ? "The copy has no backup_label, and the WAL that it would have to begin with is not in it"
                : "The copy was made of a running server without a backup_label; it opens, and cannot be trusted";
        return List.of(Finding.error(ID, "standby")
                .seen(directory.get().path(), "neither backup_label nor backup_label.old is there")
                .seen(Optional.of(View.sign(facts, event)))
                .remedy(Reseed.remedy(facts))
                .says(summary));
    }

    private static boolean hasLabel(DirectoryFacts directory) {
        return directory.has(BackupLabel.FILE_NAME) || directory.has(BackupLabel.OLD_FILE_NAME);
    }
}
