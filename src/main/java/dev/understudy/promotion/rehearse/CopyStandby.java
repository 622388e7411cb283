package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Progress;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.HostFiles;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.copy.SourceCluster;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.CopyReport;
import dev.understudy.transfer.CopyRequest;
import dev.understudy.transfer.DataDirectoryCopy;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.pipeline.CopyProgress;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies the standby's files while the backup is open. Pages are not judged here: a damaged one is what a rehearsal is to
 * find, not to stumble over. pg_control is copied last of all, under a name that no server starts from.
 */
final class CopyStandby implements Step {
    private static final String COPIED = "copied";

    private final Site site;
    private final Gentleness gentleness;

    /**
     * How much the copy may ask of the standby.
     *
     * @param workers how many copy at once
     * @param bytesPerSecond most that is read, all together
     * @param maxLagBytes of WAL received and not replayed, above which copying pauses
     * @param maxPause how long it may pause in all
     */
    record Gentleness(int workers, long bytesPerSecond, long maxLagBytes, Duration maxPause) {}

    CopyStandby(Site site, Gentleness gentleness) {
        this.site = site;
        this.gentleness = gentleness;
    }

    @Override
    public String name() {
        return RehearsalKinds.COPY_STANDBY;
    }

    private static boolean isCopied(StepContext context) {
        Optional<String> copied = context.facts().find(COPIED);
        return copied.isPresent() && copied.equals(context.facts().find(StartBackup.LABEL));
    }

    @Override
    public Probe probe(StepContext context) {
        return isCopied(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("copy the standby's files to %s, %s"
                        .formatted(
                                site.target().display(),
                                CopyWay.of(context.facts()) == CopyWay.REFLINK
                                        ? "sharing their blocks"
                                        : "at most %d bytes a second".formatted(gentleness.bytesPerSecond())));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        long began = System.nanoTime();
        clear();
        StandbyLag lag = new StandbyLag(site.primary().conninfo(), gentleness.maxLagBytes(), gentleness.maxPause());
        context.keep(StandbyLag.class, lag);
        context.guard(StandbyLag.GUARD, StandbyLag.INTERVAL, lag::look);
        SourceCluster cluster = SourceCluster.ofBackup(site.primary(), context.facts());
        TargetLayout layout = CopyLayout.of(cluster, site.target());
        Reach reach = new Reach(site);
        try (Source source = Routes.files(reach.standbyHost(), cluster.dataDirectory());
                Sink sink = Routes.sink(site.target().host(), layout, context::checkAlive)) {
            Evidence copied = CopyWay.of(context.facts()) == CopyWay.REFLINK
                    ? shareBlocks(context, cluster)
                    : copyFiles(context, cluster, lag, source, sink);
            byte[] control = DataDirectoryCopy.copyControlFile(source, sink, false);
            context.record(COPIED, context.facts().get(StartBackup.LABEL));
            lag.record(context);
            new Protocol(context).took(Protocol.Phase.COPIED, Duration.ofNanos(System.nanoTime() - began));
            return List.of(
                    copied,
                    context.evidence(
                            "copied pg_control last of all, %d bytes, under the name %s"
                                    .formatted(control.length, TargetLayout.PENDING_CONTROL_FILE),
                            cluster.dataDirectory()),
                    context.evidence(lag.describe(), "pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()"));
        }
    }

    /** What an attempt with a backup that was lost has left is of another moment. */
    private void clear() {
        Home home = new Home(site.target());
        HostFiles files = site.target().host().files();
        files.deleteRecursively(site.target().dataDirectory());
        files.deleteRecursively(home.path() + "/tablespaces");
        files.createDirectory(home.path() + "/tablespaces", 0700);
    }

    private Evidence shareBlocks(StepContext context, SourceCluster cluster) {
        long began = System.nanoTime();
        ReflinkCopy.Copied copied = new ReflinkCopy(site.target().host(), new Home(site.target())).copy(cluster);
        context.checkAlive();
        context.publish(
                "copy",
                Map.of(
                        "via",
                        "reflink",
                        "files",
                        copied.files(),
                        "bytesTotal",
                        copied.bytes(),
                        "bytesTransferred",
                        0L,
                        "seconds",
                        (System.nanoTime() - began) / 1e9));
        return context.evidence("%d files share the standby's blocks".formatted(copied.files()), "cp --reflink=always");
    }

    private Evidence copyFiles(StepContext context, SourceCluster cluster, StandbyLag lag, Source source, Sink sink) {
        CopyRequest request = CopyRequest.full(cluster.rules(), gentleness.workers())
                .withRateLimit(gentleness.bytesPerSecond())
                .withLiveness(() -> {
                    context.checkAlive();
                    lag.holdBack(context);
                });
        CopyReport report = DataDirectoryCopy.run(request, source, sink, new CopyListener() {
            @Override
            public void progress(CopyProgress progress) {
                context.progress(new Progress(
                        progress.bytesDone(), progress.bytesTotal(), Progress.Unit.BYTES, progress.currentFile()));
            }

            @Override
            public void warning(String sentence) {
                context.warn(sentence);
            }
        });
        context.publish(
                "copy",
                Map.of(
                        "via", report.via(),
                        "workers", report.workers(),
                        "files", report.files(),
                        "bytesTotal", report.bytesTotal(),
                        "bytesTransferred", report.bytesTransferred(),
                        "seconds", report.seconds()));
        return context.evidence(
                "copied %d files, %d bytes".formatted(report.files(), report.bytesTransferred()),
                cluster.dataDirectory());
    }

    @Override
    public Verdict verify(StepContext context) {
        HostFiles files = site.target().host().files();
        boolean isolated = IsolateCopy.isIsolated(context);
        boolean pending = files.status(site.target().path(TargetLayout.PENDING_CONTROL_FILE))
                .isPresent();
        boolean named =
                files.status(site.target().path(TargetLayout.CONTROL_FILE)).isPresent();
        if (isolated || pending && !named) {
            return new Verdict.Verified(List.of(context.evidence(
                    isolated
                            ? "was looked at before it was completed"
                            : "pg_control has not its name yet: the copy cannot be started",
                    site.target().dataDirectory())));
        }
        return new Verdict.Refuted(UnderstudyException.of(
                        ErrorCode.TARGET_CHANGED,
                        "pg_control is not where the copy left it in \"%s\"",
                        site.target().dataDirectory())
                .detail("Something else worked on the directory.")
                .build());
    }

    /** The files lie in the directory that hold-wal made, and go with it. */
    @Override
    public List<Evidence> undo(StepContext context) {
        context.release(StandbyLag.GUARD);
        return List.of();
    }
}
