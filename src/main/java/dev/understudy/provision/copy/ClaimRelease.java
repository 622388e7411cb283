package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import java.util.ArrayList;
import java.util.List;

/** Takes back what a run made in its target, and nothing else. */
final class ClaimRelease {
    private static final int SHOWN = 10;

    private final TargetSite target;
    private final StepContext context;
    private final TargetLayout layout;
    private final Strangers strangers;

    /** @param byProgram whether another program fills the directory, so that not all of its files are noted */
    ClaimRelease(TargetSite target, StepContext context, boolean byProgram) {
        this.target = target;
        this.context = context;
        this.layout = RecordedLayout.read(context.facts(), target.dataDirectory());
        this.strangers = new Strangers(MadeFiles.load(context), worked(byProgram), layout);
    }

    private Strangers.Worked worked(boolean byProgram) {
        if (byProgram || hasServed() || hasServedOthers()) {
            return Strangers.Worked.ANYWHERE;
        }
        return context.facts().isTrue(FinishedCopy.STARTED) ? Strangers.Worked.STARTED : Strangers.Worked.NOBODY;
    }

    private HostFiles files() {
        return target.host().files();
    }

    /** Whether the new standby's server has begun recovery, which lifts the seal, and so changed what it likes. */
    boolean hasServed() {
        return context.facts().isTrue(FinishedCopy.STARTED)
                && !isSealed(TargetLayout.CONTROL_FILE)
                && !isSealed(TargetLayout.PENDING_CONTROL_FILE);
    }

    /** Whether somebody started a server in a new directory: the run gives its pg_control no name before it is sealed. */
    private boolean hasServedOthers() {
        return context.facts().isTrue(TargetClaim.MADE)
                && files().status(target.path(TargetLayout.CONTROL_FILE)).isPresent()
                && !isSealed(TargetLayout.CONTROL_FILE);
    }

    private boolean isSealed(String path) {
        if (files().status(target.path(path)).isEmpty()) {
            return false;
        }
        byte[] bytes = files().read(target.path(path), ControlFileReader.FILE_BYTES);
        return ControlFileReader.readLeniently(bytes).isSealed();
    }

    UnderstudyException noWayBack(String why, String aside) {
        return UnderstudyException.of(
                        ErrorCode.UNDO_INCOMPLETE,
                        "\"%s\" was being seeded anew and is neither the old standby nor the new one",
                        target.dataDirectory())
                .detail(
                        "%s It has no pg_control, so no server starts from it. Files set aside are in \"%s\".",
                        why, aside)
                .hint("Run the playbook \"reseed\" again: it compares and goes on from what is there.")
                .build();
    }

    /**
     * Clears directories that were missing or empty.
     *
     * @param roots absolute paths of all that the run took
     * @param made those among them that it made
     */
    List<Evidence> removeMade(List<String> roots, List<String> made) {
        List<String> strange = removeContents();
        List<Evidence> evidence = new ArrayList<>();
        for (String root : roots) {
            if (files().status(root).isEmpty()) {
                continue;
            }
            if (!layout.roots().containsValue(root)) {
                removeVersions(root);
            }
            if (made.contains(root) && files().list(root).isEmpty()) {
                files().delete(root);
            }
            evidence.add(context.evidence("removed what the run made in " + root, "rm"));
        }
        return withStrange(evidence, strange);
    }

    /** Empties the directories but for what the run did not make, which is returned. */
    List<String> removeContents() {
        try (Sink sink = Routes.sink(target.host(), layout, () -> {})) {
            TargetListing listing = sink.list();
            List<String> strange = strangers.in(listing);
            sink.remove(Strangers.others(listing, strange));
            for (String link : layout.links().keySet()) {
                if (strange.stream().noneMatch(path -> path.startsWith(link + "/"))) {
                    files().delete(target.path(link));
                }
            }
            if (strange.stream().noneMatch(path -> path.startsWith(TargetLayout.TABLESPACES + "/"))) {
                files().deleteRecursively(target.path(TargetLayout.TABLESPACES));
            }
            return strange;
        }
    }

    /** A tablespace that the primary has no more: the copy has made nothing but its version directories there. */
    private void removeVersions(String root) {
        files().list(root).stream()
                .filter(entry -> entry.path().startsWith("PG_"))
                .forEach(entry -> files().deleteRecursively(root + "/" + entry.path()));
    }

    /** Gives a directory that was seeded anew its old contents again. */
    List<Evidence> putBack(OldContents old, String aside) {
        if (!old.isThere()) {
            files().deleteRecursively(aside);
            return List.of(context.evidence("the directory had not been changed", target.dataDirectory()));
        }
        List<String> strange = old.putBack(strangers::isRuns);
        Evidence evidence = context.evidence(
                "put back what was there before: every entry has the kind, mode, owner, size and time it had",
                target.dataDirectory());
        return withStrange(List.of(evidence), strange);
    }

    private List<Evidence> withStrange(List<Evidence> evidence, List<String> strange) {
        if (strange.isEmpty()) {
            return evidence;
        }
        String names = String.join(
                ", ",
                strange.stream().limit(SHOWN).map(name -> "\"" + name + "\"").toList());
        String claim = "left in %s what the run did not make: %s%s"
                .formatted(
                        target.dataDirectory(),
                        names,
                        strange.size() > SHOWN ? " and %d more".formatted(strange.size() - SHOWN) : "");
        context.warn(claim);
        List<Evidence> all = new ArrayList<>(evidence);
        all.add(context.evidence(claim, "a look at the directory"));
        return all;
    }
}
