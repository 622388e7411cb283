package dev.understudy.provision.copy;

import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.local.LocalSource;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.nio.file.Path;

/**
 * Opens the two ends of a copy.
 *
 * @param liveness called while the ends work, throws when the run has to stop
 */
record CopyEnds(Site site, Runnable liveness) {
    Source source(SourceCluster cluster, CopyRoute route) {
        return switch (route.name()) {
            case LOCAL -> new LocalSource(Path.of(cluster.dataDirectory()));
            case AUTO, SSH, SQL -> throw new IllegalStateException("route " + route.name());
        };
    }

    Sink sink(TargetLayout layout) {
        return new LocalSink(layout, site.target().host().account(), liveness);
    }
}
