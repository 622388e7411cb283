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
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/**
 * A copy with a label and nothing that tells it to follow: started, it would come up as a second primary on the
 * same timeline.
 */
public final class BackupLabelWithoutSignalRule implements Rule {
    private static final String ID = "backup-label-without-signal";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        if (directory.isEmpty()
                || !directory.get().has(BackupLabel.FILE_NAME)
                || directory.get().isToldToFollow()
                || directory.get().has(DirectoryFacts.RECOVERY_SIGNAL)
                || directory.get().has(DirectoryFacts.RECOVERY_CONF)) {
            return List.of();
        }
        boolean signal = directory
                .get()
                .major()
                .value()
                .map(major -> major.isAtLeast(ServerMajor.V12))
                .orElse(true);
        String missing = signal ? "standby.signal" : "recovery.conf";
        return List.of(Finding.error(ID, "standby")
                .seen(directory.get().path(), "backup_label is there, %s is not".formatted(missing))
                .remedy(Remedy.byHand(
                        "make-signal-file",
                        "Tell it to follow its primary before it is started",
                        signal
                                ? "touch " + ShellQuote.quote(facts.given().dataDirectoryOrWord() + "/standby.signal")
                                : "write recovery.conf with standby_mode = on, primary_conninfo and"
                                        + " recovery_target_timeline = latest",
                        Cost.SECONDS))
                .says("The copy has a backup_label and no %s: started, it would be a second primary"
                        .formatted(missing)));
    }
}
