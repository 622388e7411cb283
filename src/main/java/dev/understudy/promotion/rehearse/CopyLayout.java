package dev.understudy.promotion.rehearse;

import dev.understudy.postgres.Oid;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.copy.SourceCluster;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the parts of the copy lie: all of it in the rehearsal's own directory, tablespaces too. */
final class CopyLayout {
    private CopyLayout() {}

    static TargetLayout of(SourceCluster cluster, TargetSite target) {
        Home home = new Home(target);
        Map<Oid, String> locations = cluster.tablespaces().stream()
                .collect(Collectors.toMap(
                        Tablespace::oid,
                        tablespace -> home.tablespace(tablespace.oid().toString())));
        return new TargetLayout(
                target.dataDirectory(),
                locations,
                Optional.empty(),
                cluster.rules().walDirectory());
    }
}
