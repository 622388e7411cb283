package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A copy of a running primary that nothing has run on yet and that nothing tells where to begin: started, it would
 * take itself for that primary after a crash.
 */
public final class CloneUnsealedRule implements Rule {
    private static final String ID = "clone-unsealed";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts)
                .filter(found -> found.isRunning().map(running -> !running).orElse(false))
                .filter(found -> !found.has(BackupLabel.FILE_NAME) && !found.has(BackupLabel.OLD_FILE_NAME));
        Optional<ControlFile> control = directory
                .flatMap(found -> found.control().value())
                .filter(found -> found.state() == ClusterState.IN_PRODUCTION && !found.isSealed());
        // The primary's own directory after a crash looks the same; only that the primary runs elsewhere tells.
        Optional<ServerView> primary = View.primary(facts)
                .filter(view -> !view.identity().inRecovery())
                .filter(view -> control.filter(found ->
                                found.systemIdentifier().equals(view.identity().systemIdentifier()))
                        .isPresent());
        // Where a start was tried in vain, what it said is the finding.
        if (control.isEmpty()
                || primary.isEmpty()
                || View.failedStart(facts, "checkpoint-missing").isPresent()) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(
                        "pg_control",
                        "state \"in production\", latest checkpoint location %s, and no server runs here"
                                .formatted(control.get().checkpointLsn()))
                .seen(directory.get().path(), "neither backup_label nor backup_label.old is there")
                .seen(
                        "primary",
                        "runs, with the same system identifier %s"
                                .formatted(control.get().systemIdentifier()))
                .remedy(Remedy.byHand(
                        "seal",
                        "If it was cloned between \"backup begin\" and \"backup end\", seal it with that bundle before it is"
                                + " started",
                        "understudy seal --bundle " + bundle(facts) + " -D "
                                + ShellQuote.quote(facts.given().dataDirectoryOrWord()),
                        Cost.SECONDS))
                .remedy(Reseed.remedy(facts))
                .says(
                        "This is a clone of the running primary without a label: started as it is, it would not be a right"
                                + " standby"));
    }

    /** The newest bundle of this cluster's that is complete; a word in capitals if none is on this machine. */
    private static String bundle(Facts facts) {
        return View.bundles(facts).stream()
                .filter(BundleFacts::isComplete)
                .max(Comparator.comparing(BundleFacts::beganAt))
                .map(found -> ShellQuote.quote(found.path()))
                .orElse("DIR");
    }
}
