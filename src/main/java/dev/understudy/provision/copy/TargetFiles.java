package dev.understudy.provision.copy;

import dev.understudy.engine.StepContext;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;

/** The files of the target as they are now, a running standby's included. */
public record TargetFiles(Site site, StepContext context) {
    /** By path relative to the data directory; those of tablespaces below {@code pg_tblspc}. */
    public FileTable list() {
        TargetLayout layout = RecordedLayout.read(context.facts(), site.target().dataDirectory());
        try (Sink sink = new CopyEnds(site, context::checkAlive).sink(layout)) {
            return sink.list().files();
        }
    }

    /** Bytes in one file of a large relation, the last one aside. */
    public long segmentBytes() {
        SourceCluster cluster = SourceCluster.of(site.primary());
        return (long) cluster.segmentBlocks() * cluster.pageBytes();
    }
}
