package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import java.util.List;
import java.util.Optional;

/** A backup_label that is not of the files beside it. */
public final class BackupLabelForeignRule implements Rule {
    private static final String ID = "backup-label-foreign";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> refused = View.failedStart(facts, "label-inconsistent");
        Optional<BackupLabel> label = View.directory(facts).flatMap(found -> found.parse(BackupLabel.FILE_NAME));
        Optional<ControlFile> control =
                View.directory(facts).flatMap(found -> found.control().value());
        boolean later = label.isPresent()
                && control.isPresent()
                && !control.get().isSealed()
                && control.get().checkpointLsn().isBefore(label.get().checkpointLsn());
        if (refused.isEmpty() && !later) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby")
                .seen(refused.map(event -> View.sign(facts, event)))
                .seen(label.map(found -> new Sign(
                        "backup_label",
                        "CHECKPOINT LOCATION: %s, LABEL: %s".formatted(found.checkpointLsn(), found.label()))))
                .seen(control.map(
                        found -> new Sign("pg_control", "Latest checkpoint location " + found.checkpointLsn())));
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says("The backup_label does not fit the pg_control beside it: they are of different copies"));
    }
}
