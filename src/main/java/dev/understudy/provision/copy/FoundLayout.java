package dev.understudy.provision.copy;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The layout of a standby that the run repairs and did not copy: where its own links lead. */
public record FoundLayout(Site site) {
    /**
     * Records it for the steps that look at the standby's files.
     *
     * @throws UnderstudyException {@link ErrorCode#NOT_PROVEN} if a tablespace is the primary's own
     */
    public void record(StepContext context) {
        SourceCluster primary = SourceCluster.of(site.primary());
        Map<Oid, String> tablespaces = tablespaces();
        if (site.sharesMachine()) {
            primary.tablespaces().forEach(tablespace -> requireOwn(tablespace, tablespaces));
        }
        String walName = primary.rules().walDirectory();
        RecordedLayout.record(
                context,
                new TargetLayout(
                        site.target().dataDirectory(),
                        tablespaces,
                        link(site.target().path(walName)),
                        walName));
    }

    private HostFiles files() {
        return site.target().host().files();
    }

    private Map<Oid, String> tablespaces() {
        Map<Oid, String> tablespaces = new TreeMap<>();
        files().list(site.target().path(TargetLayout.TABLESPACES))
                .forEach(entry -> entry.linkTarget()
                        .filter(location -> entry.path().matches("\\d+"))
                        .ifPresent(location -> tablespaces.put(Oid.parse(entry.path()), location)));
        return tablespaces;
    }

    private Optional<String> link(String path) {
        return files().status(path).flatMap(FileStatus::linkTarget);
    }

    private static void requireOwn(Tablespace primarys, Map<Oid, String> tablespaces) {
        if (primarys.location().equals(tablespaces.get(primarys.oid()))) {
            throw UnderstudyException.of(
                            ErrorCode.NOT_PROVEN,
                            "not proven: tablespace %s of the standby is the primary's own, \"%s\"",
                            primarys.oid(),
                            primarys.location())
                    .hint("Two servers write the same files. Stop the standby and seed it anew.")
                    .build();
        }
    }
}
