package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.wal.WalReception;
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
    static final String MADE = "target_made";
    private static final String KEEPS = "target_keep_old";
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
    private final KeepOld keepOld;
    private final boolean byProgram;

    private TargetClaim(TargetSite target, boolean ontoExisting, KeepOld keepOld, boolean byProgram) {
        this.target = target;
        this.ontoExisting = ontoExisting;
        this.keepOld = keepOld;
        this.byProgram = byProgram;
    }

    /** For the copy's own work, or for WAL that is received besides. */
    static TargetClaim of(TargetSite target, CopyOptions options) {
        return new TargetClaim(target, options.ontoExisting(), options.keepOld(), false);
    }

    /** For new directories that pg_basebackup fills. */
    static TargetClaim ofProgram(TargetSite target) {
        return new TargetClaim(target, false, KeepOld.NONE, true);
    }

    private HostFiles files() {
        return target.host().files();
    }

    /** Why the run must not touch the directory, if so. */
    Optional<UnderstudyException> refusal(Facts facts, SourceCluster cluster) {
        Set<String> unclaimed = roots(cluster);
        unclaimed.removeAll(claimed(facts));
        return new ClaimRefusal(target, ontoExisting).find(unclaimed, cluster.systemIdentifier());
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
        RecordedLayout.record(context, cluster.layoutOn(target));
        context.record(KEEPS, ontoExisting ? keepOld.name() : KeepOld.NONE.name());
        context.record(CLAIMED, "true");
        if (ontoExisting) {
            keep(context, again);
        }
        if (ontoExisting || again) {
            disarm();
        }
        return ontoExisting || again;
    }

    /** A run that was killed before everything was noted has changed nothing yet. */
    private void keep(StepContext context, boolean again) {
        String aside = asideDirectory(context.run());
        if (keepOld == KeepOld.NONE) {
            if (!again) {
                keepAside(aside + "/before");
            }
            return;
        }
        OldContents old = old(context);
        if (!old.isThere()) {
            keepAside(aside + "/before");
        }
        old.begin(keepOld == KeepOld.ALL, Strangers.decisive());
    }

    /**
     * Gives back the space of what is kept and cannot be put back any more, or need not be.
     *
     * @param proven whether the run is at its end, rather than its server at work
     */
    public static void forgetOld(StepContext context, TargetSite target, boolean proven) {
        KeepOld kept = context.facts().find(KEEPS).map(KeepOld::of).orElse(KeepOld.NONE);
        if (kept == KeepOld.CHANGED || kept == KeepOld.ALL && proven) {
            new TargetClaim(target, true, kept, false).old(context).forget();
        }
    }

    /** What the directory held before; only where it is seeded anew and {@link #keepsOld}. */
    OldContents old(StepContext context) {
        TargetLayout layout = RecordedLayout.read(context.facts(), target.dataDirectory());
        return new OldContents(target.host(), layout, asideDirectory(context.run()));
    }

    /** Whether there will be a way back to what the directory holds now. */
    boolean keepsOld() {
        return ontoExisting && keepOld != KeepOld.NONE;
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

    /** Removes what the run made, or puts back what was there; once, for all the steps that took it. */
    List<Evidence> release(StepContext context) {
        if (!context.facts().isTrue(CLAIMED)) {
            return List.of();
        }
        requireStopped();
        WalReception.end(context);
        ClaimRelease release = new ClaimRelease(target, context, byProgram);
        List<Evidence> done = context.facts().isTrue(MADE)
                ? release.removeMade(
                        claimed(context.facts()),
                        PathList.split(context.facts().find(DIRECTORIES).orElse("")))
                : putBack(context, release);
        context.record(CLAIMED, "false");
        return done;
    }

    private List<Evidence> putBack(StepContext context, ClaimRelease release) {
        if (!keepsOld()) {
            disarm();
            throw release.noWayBack("The playbook says keep_old: none.", asideDirectory(context.run()));
        }
        if (release.hasServed() && keepOld != KeepOld.ALL) {
            disarm();
            throw release.noWayBack(
                    "The new standby's server has worked on it since; only keep_old: all goes back from there.",
                    asideDirectory(context.run()));
        }
        return release.putBack(old(context), asideDirectory(context.run()));
    }

    /** Nothing is removed from under a server that could not be stopped. */
    private void requireStopped() {
        PostmasterFile.findRunning(target.host(), target.dataDirectory()).ifPresent(postmaster -> {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE,
                            "a server is still running in \"%s\", pid %d",
                            target.dataDirectory(),
                            postmaster.pid())
                    .hint("Stop it with: pg_ctl -D %s -m immediate stop", target.dataDirectory())
                    .build();
        });
    }
}
