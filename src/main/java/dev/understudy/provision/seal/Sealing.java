package dev.understudy.provision.seal;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.recovery.AutoConf;
import dev.understudy.provision.recovery.Templates;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.provision.wal.HostWalSource;
import dev.understudy.transfer.files.TargetLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The work on a clone before it gets a standby's configuration: that it is an untouched clone of the backup; that no server
 * can start from it any more; that nothing of its source's is left in it which a standby must not have.
 *
 * <p>Everything is looked at before anything is changed, and the first change takes pg_control its name. Bears being cut
 * short anywhere and repeated.
 */
public final class Sealing {

    private final TargetSite target;
    private final CloneBackup backup;
    private final ClonedFiles clone;

    public Sealing(TargetSite target, CloneBackup backup) {
        this.target = target;
        this.backup = backup;
        this.clone = new ClonedFiles(target);
    }

    /** How a directory stands that was looked at. */
    public enum State {
        /** As it was cloned, or sealed half. */
        TO_SEAL,
        /** Sealed for this backup, and not started since. */
        SEALED,
        /** Sealed for this backup, and started since: a standby. */
        STANDBY
    }

    /**
     * What a look found.
     *
     * @param why it is an untouched clone of the backup
     */
    public record Examined(State state, String why, ControlFile control) {}

    /** Asks the source's WAL about a clone. */
    public interface SourceWal {
        /** Gives the answer of the question put to the source's WAL; empty if that cannot be read. */
        Optional<Boolean> ask(Function<WalSource, Optional<Boolean>> question);
    }

    /**
     * Looks, and changes nothing.
     *
     * @throws dev.understudy.error.UnderstudyException NOT_A_CLONE, CLONE_RAN, CLONE_UNPROVEN or CLONE_RUNNING
     */
    public Examined examine(SourceWal source) {
        ControlFile control = clone.control();
        CloneOrigin origin = new CloneOrigin(backup, target.display());
        origin.requireCluster(control);
        clone.requireStopped();
        if (control.isSealed()) {
            requireOurLabel(origin, control);
            return new Examined(State.SEALED, "it is sealed already", control);
        }
        if (isOurStandby(control)) {
            return new Examined(State.STANDBY, "it was sealed, and has been started as a standby since", control);
        }
        if (clone.isDisarmed()) {
            return new Examined(State.TO_SEAL, "it was examined before, and sealed half", control);
        }
        String why = origin.judge(control, clone.postmaster()).orElseGet(() -> trail(origin, control, source));
        return new Examined(State.TO_SEAL, why, control);
    }

    private void requireOurLabel(CloneOrigin origin, ControlFile control) {
        boolean ours =
                isOurs(BackupLabel.FILE_NAME) && control.minRecoveryPoint().isAtLeast(backup.stopLsn());
        if (!ours && clone.label(BackupLabel.FILE_NAME).isPresent()) {
            throw origin.sealedForAnother(clone.label(BackupLabel.FILE_NAME).get());
        }
    }

    private boolean isOurs(String name) {
        return clone.label(name)
                .filter(label -> label.label().equals(backup.label().label())
                        && label.startLsn().equals(backup.startLsn()))
                .isPresent();
    }

    private boolean isOurStandby(ControlFile control) {
        boolean recovers = control.state() == ClusterState.IN_ARCHIVE_RECOVERY
                || control.state() == ClusterState.SHUT_DOWN_IN_RECOVERY;
        return recovers && (isOurs(BackupLabel.OLD_FILE_NAME) || isOurs(BackupLabel.FILE_NAME));
    }

    /** The source's WAL is asked first: one record there is enough, whatever the length of the backup. */
    private String trail(CloneOrigin origin, ControlFile control, SourceWal source) {
        CheckpointTrail trail = new CheckpointTrail(backup, control);
        Optional<Boolean> sources = source.ask(trail::isIn);
        if (sources.isPresent() && sources.get()) {
            return "its latest checkpoint, %s, is in the source's WAL".formatted(control.checkpointLsn());
        }
        String wal = CopyRules.of(control.major()).walDirectory();
        HostWalSource clones = new HostWalSource(target.host(), target.path(wal));
        CheckpointTrail.Trail own = trail.follow(clones);
        Optional<Lsn> ownWay = backup.onStandby() ? Optional.empty() : own.ownWay();
        if (ownWay.isPresent() || sources.isPresent()) {
            throw origin.ran(
                    sources.isPresent()
                            ? "Its latest checkpoint, %s, is not in the source's WAL."
                                    .formatted(control.checkpointLsn())
                            : "Its WAL has the end of a recovery there, of which a server that holds a backup has none.",
                    Optional.of(ownWay.orElse(control.checkpointLsn())));
        }
        if (!own.reached()) {
            throw origin.unproven(
                    "Its latest checkpoint, %s, was not seen on the source during the backup, and its own WAL"
                                    .formatted(control.checkpointLsn())
                            + " is not all there.");
        }
        return "its WAL goes from the backup's start to its latest checkpoint, %s, without the end of any recovery"
                .formatted(control.checkpointLsn());
    }

    /**
     * Where the parts of the clone have to lie; changes nothing.
     *
     * @throws dev.understudy.error.UnderstudyException VOLUME_NOT_CLONED
     */
    public TargetLayout layout(ControlFile control) {
        return new CloneLinks(target, backup, control).check(control);
    }

    /**
     * Takes pg_control its name, and out of a clone that is not sealed yet what must not be in a standby.
     *
     * @return what was done, a sentence each
     */
    public List<String> disarm(Examined examined, TargetLayout layout) {
        ControlFile control = examined.control();
        if (!clone.isDisarmed()) {
            target.host()
                    .files()
                    .replace(target.path(TargetLayout.CONTROL_FILE), target.path(TargetLayout.PENDING_CONTROL_FILE));
        }
        new CloneLinks(target, backup, control).apply(layout);
        if (examined.state() == State.SEALED) {
            return List.of();
        }
        List<String> done = new ArrayList<>();
        done.add(new CarriedWal(target, backup, control.walSegmentSize()).sort(layout.walName()));
        done.addAll(new CloneCleaning(target, CopyRules.of(control.major())).clean(layout));
        return done;
    }

    /**
     * Writes what the standby's configuration shall say differently, where it wins over all files. Begins each time with
     * the clone's own file, whatever an earlier sealing by other orders had made of it.
     *
     * @return what was done, a sentence each
     */
    public List<String> neutralise(List<ForeignSettings.Change> changes) {
        TargetDirectory directory = new TargetDirectory(target);
        Map<String, String> settings = new TreeMap<>();
        changes.forEach(change -> settings.put(change.name(), change.neutral()));
        byte[] inherited =
                new CloneCleaning(target, CopyRules.of(clone.control().major())).originalOf(AutoConf.FILE_NAME);
        directory.writePrivate(AutoConf.FILE_NAME, AutoConf.with(inherited, settings, new Templates()));
        return changes.stream().map(change -> "set " + change).toList();
    }
}
