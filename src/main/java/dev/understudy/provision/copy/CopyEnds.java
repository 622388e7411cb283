package dev.understudy.provision.copy;

import dev.understudy.engine.Facts;
import dev.understudy.host.Host;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.site.BackupServer;
import dev.understudy.provision.site.Site;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;

/**
 * Opens the two ends of a copy.
 *
 * @param liveness called while the ends work, throws when the run has to stop
 */
record CopyEnds(Site site, Runnable liveness) {
    Source source(SourceCluster cluster, Route route, Facts facts) {
        return switch (route) {
            case LOCAL -> Routes.local(cluster.dataDirectory());
            case SSH -> Routes.ssh(primaryHost(), cluster.dataDirectory());
            case SQL ->
                Routes.sql(
                        () -> BackupServer.open(site.primary(), facts),
                        ResolvedConninfo.of(site.primary().conninfo())
                                .endpoints()
                                .get(0)
                                .toString());
            case AUTO, BASEBACKUP, COMMAND -> throw new IllegalStateException("no copy of ours by the route " + route);
        };
    }

    private Host primaryHost() {
        return site.primary().host().orElseThrow(() -> new IllegalStateException("the ssh route needs a host"));
    }

    Sink sink(TargetLayout layout) {
        return Routes.sink(site.target().host(), layout, liveness);
    }
}
