package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import java.util.List;
import java.util.Optional;

/**
 * A backup_label in a directory whose recovery has long passed it: the next start would go back to it.
 */
public final class BackupLabelStaleRule implements Rule {
    private static final String ID = "backup-label-stale";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        Optional<BackupLabel> label = directory.flatMap(found -> found.parse(BackupLabel.FILE_NAME));
        Optional<ControlFile> control =
                directory.flatMap(found -> found.control().value());
        if (label.isEmpty() || control.isEmpty() || label.get().isFromStandby() || !wasInRecovery(control.get())) {
            return List.of();
        }
        if (!label.get().startLsn().isBefore(control.get().minRecoveryPoint())) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(
                        "backup_label",
                        "START WAL LOCATION: %s, LABEL: %s"
                                .formatted(label.get().startLsn(), label.get().label()))
                .seen(
                        "pg_control",
                        "state \"%s\", minimum recovery ending location %s, no backup start location"
                                .formatted(
                                        control.get().state().words(),
                                        control.get().minRecoveryPoint()))
                .remedy(Remedy.byHand(
                        "set-label-aside",
                        "Stop the server, and rename the label that does not belong there",
                        "mv -n %1$s/backup_label %1$s/backup_label.stale"
                                .formatted(ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                        Cost.RESTART))
                .says("A backup_label lies in a directory whose recovery has passed it already"));
    }

    /** As written by a server that was a standby here; the copy of a primary's pg_control says otherwise. */
    private static boolean wasInRecovery(ControlFile control) {
        boolean state = control.state() == ClusterState.IN_ARCHIVE_RECOVERY
                || control.state() == ClusterState.SHUT_DOWN_IN_RECOVERY;
        return state && control.backupStartPoint().isInvalid();
    }
}
