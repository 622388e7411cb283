package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Optional;
import java.util.Set;

/** Why a run must not touch a target. */
final class ClaimRefusal {
    private final TargetSite target;
    private final boolean ontoExisting;

    ClaimRefusal(TargetSite target, boolean ontoExisting) {
        this.target = target;
        this.ontoExisting = ontoExisting;
    }

    private HostFiles files() {
        return target.host().files();
    }

    /**
     * Looks.
     *
     * @param unclaimed absolute paths of directories that are not the run's yet
     */
    Optional<UnderstudyException> find(Set<String> unclaimed, SystemIdentifier cluster) {
        if (unclaimed.contains(target.dataDirectory()) && ontoExisting) {
            return existingRefusal(cluster);
        }
        return ontoExisting ? Optional.empty() : newRefusal(unclaimed);
    }

    private Optional<UnderstudyException> newRefusal(Set<String> unclaimed) {
        for (String directory : unclaimed) {
            if (!isAbsentOrEmpty(directory)) {
                return Optional.of(UnderstudyException.of(
                                ErrorCode.TARGET_NOT_OURS, "directory \"%s\" exists and is not empty", directory)
                        .detail("Understudy never overwrites what it did not make.")
                        .hint("Choose another directory, or move that one away.")
                        .hint("To seed a stopped standby's directory anew, use the playbook \"reseed\".")
                        .build());
            }
        }
        return Optional.empty();
    }

    private Optional<UnderstudyException> existingRefusal(SystemIdentifier cluster) {
        if (files().status(target.path("PG_VERSION")).isEmpty()) {
            return Optional.of(UnderstudyException.of(
                            ErrorCode.TARGET_NOT_OURS, "\"%s\" is not a data directory", target.dataDirectory())
                    .hint("For a new directory, use the playbook \"standby\".")
                    .build());
        }
        Optional<SystemIdentifier> other = otherCluster(cluster);
        if (other.isPresent()) {
            return Optional.of(UnderstudyException.of(
                            ErrorCode.TARGET_NOT_OURS,
                            "\"%s\" belongs to another database cluster",
                            target.dataDirectory())
                    .detail("Its system identifier is %s, the primary's is %s.", other.get(), cluster)
                    .hint("Only a standby of this primary can be seeded anew from it.")
                    .build());
        }
        return PostmasterFile.findRunning(target.host(), target.dataDirectory())
                .map(postmaster -> UnderstudyException.of(
                                ErrorCode.TARGET_NOT_OURS,
                                "a server is running in \"%s\", pid %d",
                                target.dataDirectory(),
                                postmaster.pid())
                        .hint("Stop it first.")
                        .build());
    }

    /** A control file that cannot be read tells nothing; a damaged standby may be seeded anew. */
    private Optional<SystemIdentifier> otherCluster(SystemIdentifier cluster) {
        String path = target.path(TargetLayout.CONTROL_FILE);
        if (files().status(path).isEmpty()) {
            return Optional.empty();
        }
        try {
            ControlFile control = ControlFileReader.readLeniently(files().read(path, ControlFileReader.FILE_BYTES));
            return Optional.of(control.systemIdentifier()).filter(found -> control.crcOk() && !found.equals(cluster));
        } catch (UnderstudyException e) {
            return Optional.empty();
        }
    }

    private boolean isAbsentOrEmpty(String directory) {
        return files().status(directory).isEmpty()
                || (files().status(directory)
                                .filter(status -> status.isDirectory())
                                .isPresent()
                        && files().list(directory).isEmpty());
    }
}
