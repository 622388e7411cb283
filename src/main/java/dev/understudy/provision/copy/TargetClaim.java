package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The target's directories, taken for the run before anything is written to them, so that a later process knows what this
 * run made and may clear away.
 */
public final class TargetClaim {
    /** The control file that a directory had before it was seeded anew; tells whose it is until it has another. */
    public static final String FORMER_CONTROL_FILE = "global/pg_control.before";

    static final String CLAIMED = "target_claimed";
    private static final String MADE = "target_made";
    private static final int KEPT_LIMIT = 4 << 20;
    private static final List<String> KEPT_ASIDE = List.of(
            TargetLayout.CONTROL_FILE,
            "pg_hba.conf",
            "pg_ident.conf",
            "postgresql.auto.conf",
            "postgresql.conf",
            "recovery.conf");
    private static final String DIRECTORIES = "target_directories";
    private static final String ROOTS = "target_roots";

    private final TargetSite target;
    private final boolean ontoExisting;

    TargetClaim(TargetSite target, boolean ontoExisting) {
        this.target = target;
        this.ontoExisting = ontoExisting;
    }

    private HostFiles files() {
        return target.host().files();
    }

    /** Why the run must not touch the directory, if so. */
    Optional<UnderstudyException> refusal(Facts facts, SourceCluster cluster) {
        Set<String> unclaimed = roots(cluster);
        unclaimed.removeAll(claimed(facts));
        if (unclaimed.contains(target.dataDirectory()) && ontoExisting) {
            return existingRefusal(cluster.systemIdentifier());
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
        return runningServer()
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

    /** The data directory, then what lies outside of it, tablespaces that keep the primary's path among them. */
    private Set<String> roots(SourceCluster cluster) {
        Set<String> roots = new LinkedHashSet<>();
        roots.add(target.dataDirectory());
        roots.addAll(cluster.layoutOn(target).roots().values());
        return roots;
    }

    /** What this run has taken, and so may clear away. */
    private static List<String> claimed(Facts facts) {
        return PathList.split(facts.find(ROOTS).orElse(""));
    }

    /**
     * Takes the directories, or goes on with what an earlier attempt took; a tablespace made since then is taken now.
     *
     * @return whether there may be something of an earlier attempt in them
     * @throws UnderstudyException {@link ErrorCode#TARGET_NOT_OURS} as {@link #refusal} says
     */
    boolean take(StepContext context, SourceCluster cluster) {
        refusal(context.facts(), cluster).ifPresent(error -> {
            throw error;
        });
        boolean again = context.facts().isTrue(CLAIMED);
        Set<String> roots = roots(cluster);
        List<String> made =
                new ArrayList<>(PathList.split(context.facts().find(DIRECTORIES).orElse("")));
        roots.stream()
                .filter(path -> !made.contains(path) && files().status(path).isEmpty())
                .forEach(made::add);
        roots.addAll(claimed(context.facts()));
        context.record(MADE, Boolean.toString(!ontoExisting));
        context.record(DIRECTORIES, PathList.join(made));
        context.record(ROOTS, PathList.join(roots));
        context.record(CLAIMED, "true");
        if (ontoExisting && !again) {
            keepAside(asideDirectory(context.run()) + "/before");
        }
        if (ontoExisting || again) {
            disarm();
        }
        return ontoExisting || again;
    }

    /** From the first change on the directory must not start: without pg_control it is no database cluster. */
    private void disarm() {
        String control = target.path(TargetLayout.CONTROL_FILE);
        if (files().status(control).isPresent()) {
            files().replace(control, target.path(FORMER_CONTROL_FILE));
        }
        for (String name : List.of("backup_label", "standby.signal", "recovery.signal", "recovery.conf")) {
            if (files().status(target.path(name)).isPresent()) {
                files().replace(target.path(name), target.path(name + ".before"));
            }
        }
    }

    /** What is about to be overwritten and is not the source's to give: settings, and the old control file. */
    private void keepAside(String aside) {
        files().createDirectories(aside, 0700);
        for (String name : KEPT_ASIDE) {
            if (files().status(target.path(name)).filter(FileStatus::isFile).isPresent()) {
                byte[] contents = files().read(target.path(name), KEPT_LIMIT);
                files().writeAtomically(aside + "/" + name.substring(name.lastIndexOf('/') + 1), contents, 0600);
            }
        }
    }

    /** Where the files of an existing directory go that this run did not make; the run's name carries the date. */
    String asideDirectory(String run) {
        return target.dataDirectory() + ".set-aside-" + run;
    }

    /** Removes what the run made; a directory that was there empty stays, empty. */
    List<Evidence> release(StepContext context) {
        if (!context.facts().isTrue(CLAIMED)) {
            return List.of();
        }
        requireStopped();
        if (!context.facts().isTrue(MADE)) {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE,
                            "\"%s\" was being seeded anew and is neither the old standby nor the new one",
                            target.dataDirectory())
                    .detail(
                            "It has no pg_control, so no server starts from it. Files set aside are in \"%s\".",
                            asideDirectory(context.run()))
                    .hint("Run the playbook \"reseed\" again: it compares and goes on from what is there.")
                    .build();
        }
        List<String> made = PathList.split(context.facts().find(DIRECTORIES).orElse(""));
        List<Evidence> evidence = new ArrayList<>();
        for (String directory : claimed(context.facts())) {
            if (files().status(directory).isPresent()) {
                clear(directory, made.contains(directory));
                evidence.add(context.evidence("removed what the run made in " + directory, "rm"));
            }
        }
        return evidence;
    }

    /** Nothing is removed from under a server that could not be stopped. */
    private void requireStopped() {
        runningServer().ifPresent(postmaster -> {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE,
                            "a server is still running in \"%s\", pid %d",
                            target.dataDirectory(),
                            postmaster.pid())
                    .hint("Stop it with: pg_ctl -D %s -m immediate stop", target.dataDirectory())
                    .build();
        });
    }

    private Optional<PostmasterFile> runningServer() {
        return PostmasterFile.read(target.host(), target.dataDirectory())
                .filter(postmaster -> postmaster.isAlive(target.host(), target.dataDirectory()));
    }

    private void clear(String directory, boolean made) {
        if (made) {
            files().deleteRecursively(directory);
            return;
        }
        files().list(directory).forEach(entry -> files().deleteRecursively(directory + "/" + entry.path()));
    }
}
