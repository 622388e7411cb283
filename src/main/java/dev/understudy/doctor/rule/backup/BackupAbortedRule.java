package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;

/**
 * A standby that can never become consistent: it was copied during a backup that was aborted, by the end of its session
 * or a shutdown of the primary. No record will ever mark its end, and to remove the label would only hide that parts of
 * it are of different times.
 */
public final class BackupAbortedRule implements Rule {
    private static final String ID = "backup-aborted";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return OpenBackup.of(facts)
                .filter(backup -> backup.fate() == OpenBackup.Fate.ABORTED)
                .map(backup -> List.of(finding(facts, backup)))
                .orElse(List.of());
    }

    private static Finding finding(Facts facts, OpenBackup backup) {
        Builder finding = backup.evidence(Finding.error(ID, "standby"));
        backup.primary().ifPresent(view -> {
            finding.seen(
                    "primary",
                    backup.isExclusive()
                            ? "no exclusive backup of that start is open"
                            : "no session that started a backup is there any more");
            view.end().ifPresent(end -> finding.seen("primary", "its WAL ended at " + end));
        });
        for (String event : List.of("backup-aborted", "backup-canceled", "backup-end-missing")) {
            View.event(facts, event)
                    .map(found -> View.sign(facts, found))
                    .ifPresent(sign -> finding.seen(sign.source(), sign.detail()));
        }
        backup.streamed()
                .filter(found -> backup.primary().isEmpty())
                .ifPresent(sign -> finding.seen(sign.source(), sign.detail()));
        return finding.remedy(Reseed.remedy(facts))
                .says("The backup that started at %s was aborted, so the standby can never become consistent"
                        .formatted(backup.startLsn()));
    }
}
