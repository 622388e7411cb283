package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Progress;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.route.FilesAccess;
import dev.understudy.provision.route.RouteDecision;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.CopyReport;
import dev.understudy.transfer.CopyRequest;
import dev.understudy.transfer.DataDirectoryCopy;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.pipeline.CopyProgress;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies the data directory while the backup is open. What an earlier attempt of this run left is compared and kept where
 * it is right. pg_control is copied last of all, under a name that no server starts from.
 */
public final class CopyDataDirectory implements Step {
    public static final String NAME = "copy-data-directory";

    /** Label of the backup that the copy was completed for. */
    private static final String COPIED = "copied";

    private final Site site;
    private final CopyOptions options;

    public CopyDataDirectory(Site site, CopyOptions options) {
        this.site = site;
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Whether this run has taken the target, so that what is in it is its own. */
    public static boolean hasClaimed(Facts facts) {
        return facts.isTrue(TargetClaim.CLAIMED);
    }

    private static boolean isCopied(StepContext context) {
        Optional<String> copied = context.facts().find(COPIED);
        return copied.isPresent() && copied.equals(context.facts().find(StartBackup.LABEL));
    }

    @Override
    public Probe probe(StepContext context) {
        if (isCopied(context)) {
            return new Probe.Satisfied(List.of());
        }
        TargetClaim claim = TargetClaim.of(site.target(), options);
        SourceCluster cluster = SourceCluster.of(site.primary());
        Optional<UnderstudyException> refusal = claim.refusal(context.facts(), cluster);
        if (refusal.isPresent()) {
            return new Probe.Conflicting(refusal.get());
        }
        RouteDecision route = decide(cluster);
        return new Probe.Pending("copy the data directory to %s by the %s route (%s), %d workers"
                .formatted(site.target().display(), route.route().printed(), route.reason(), options.workers()));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        TargetClaim claim = TargetClaim.of(site.target(), options);
        SourceCluster cluster = SourceCluster.ofBackup(site.primary(), context.facts());
        boolean again = claim.take(context, cluster);
        RouteDecision route = decide(cluster);
        TargetLayout layout = cluster.layoutOn(site.target());
        CopyRequest request = CopyRequest.full(cluster.rules(), options.workers())
                .withPages(cluster.pageRules(context.facts().lsn(StartBackup.START_LSN)))
                .withRateLimit(options.bytesPerSecond())
                .withKeep(kept(layout))
                .withLiveness(context::checkAlive);
        if (options.ontoExisting()) {
            request = request.withAside(aside(claim, again, context));
        }
        CopyEnds ends = new CopyEnds(site, context::checkAlive);
        try (Source source = ends.source(cluster, route.route(), context.facts());
                Sink sink = ends.sink(layout)) {
            CopyReport report =
                    copy(again || options.ontoExisting() ? request.asDelta() : request, source, sink, context);
            CopiedInventory.of(context).save(OwnChecksums.hashed(report.inventory(), sink));
            byte[] control = DataDirectoryCopy.copyControlFile(source, sink, cluster.groupAccess(site.target()));
            context.record(COPIED, context.facts().get(StartBackup.LABEL));
            context.publish("copy", published(report));
            return List.of(
                    context.evidence("took the " + route.route().printed() + " route: " + route.reason(), "the plan"),
                    context.evidence(
                            "copied pg_control last of all, %d bytes, under the name %s"
                                    .formatted(control.length, TargetLayout.PENDING_CONTROL_FILE),
                            source.describe()));
        }
    }

    /** What an earlier attempt of this run rendered is not set aside but written anew. */
    private static CopyRequest.Aside aside(TargetClaim claim, boolean again, StepContext context) {
        if (!claim.keepsOld()) {
            return new CopyRequest.Aside(claim.asideDirectory(context.run()), path -> false, path -> {});
        }
        OldContents old = claim.old(context);
        return new CopyRequest.Aside(
                old.moved(),
                path -> path.equals(TargetLayout.PENDING_CONTROL_FILE) || again && Strangers.isOwnName(path),
                old::keep);
    }

    private CopyReport copy(CopyRequest request, Source source, Sink sink, StepContext context) {
        try {
            return DataDirectoryCopy.run(request, source, sink, listener(context));
        } catch (UnderstudyException e) {
            throw CorruptPage.named(e, site.primary().conninfo());
        }
    }

    private Set<String> kept(TargetLayout layout) {
        return options.receivesWal()
                ? Set.of(TargetClaim.FORMER_CONTROL_FILE, layout.walName())
                : Set.of(TargetClaim.FORMER_CONTROL_FILE);
    }

    private RouteDecision decide(SourceCluster cluster) {
        return RouteDecision.of(
                        options.route(),
                        FilesAccess.look(site.primary().host(), site.here(), cluster.running(), Command.DEFAULT_LIMIT))
                .orThrow();
    }

    private static CopyListener listener(StepContext context) {
        return new CopyListener() {
            @Override
            public void listed(SourceListing listing) {
                MadeFiles.note(context, listing);
            }

            @Override
            public void progress(CopyProgress progress) {
                context.progress(new Progress(
                        progress.bytesDone(), progress.bytesTotal(), Progress.Unit.BYTES, progress.currentFile()));
            }

            @Override
            public void warning(String sentence) {
                context.warn(sentence);
            }
        };
    }

    private static Map<String, Object> published(CopyReport report) {
        return Map.of(
                "via", report.via(),
                "workers", report.workers(),
                "files", report.files(),
                "bytesTotal", report.bytesTotal(),
                "bytesTransferred", report.bytesTransferred(),
                "pagesChecked", report.pagesChecked(),
                "pageChecksumFailures", report.pageChecksumFailures(),
                "pagesNotChecked", report.pagesNotChecked(),
                "seconds", report.seconds());
    }

    @Override
    public Verdict verify(StepContext context) {
        return new FinishedCopy(site, context).verify();
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return TargetClaim.of(site.target(), options).release(context);
    }

    /** Bytes for people. */
    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
