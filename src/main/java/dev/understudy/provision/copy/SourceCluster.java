package dev.understudy.provision.copy;

import dev.understudy.engine.Facts;
import dev.understudy.host.FileStatus;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.route.RunningCluster;
import dev.understudy.provision.site.BackupServer;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.transfer.files.TablespaceMapping;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.PageRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the copy has to know of the cluster it takes.
 *
 * @param systemIdentifier the cluster's
 * @param major of the server
 * @param dataDirectory on the primary's machine; empty where the role may not see it
 * @param tablespaces those outside of the data directory
 * @param dataChecksums whether pages carry checksums
 * @param pageBytes block size
 * @param segmentBlocks blocks in one file of a large relation
 * @param startedAt when the server was started, to know its files from another server's
 */
public record SourceCluster(
        SystemIdentifier systemIdentifier,
        ServerMajor major,
        String dataDirectory,
        List<Tablespace> tablespaces,
        boolean dataChecksums,
        int pageBytes,
        int segmentBlocks,
        Instant startedAt) {
    public static SourceCluster of(PrimarySite primary) {
        try (Session session = primary.open()) {
            return of(session);
        }
    }

    /** The cluster as the server that holds the backup has it, and no other server. */
    public static SourceCluster ofBackup(PrimarySite primary, Facts facts) {
        try (Session session = BackupServer.open(primary, facts)) {
            return of(session);
        }
    }

    private static SourceCluster of(Session session) {
        ServerFacts facts = new ServerFacts(session);
        ServerIdentity identity = facts.identity();
        return new SourceCluster(
                identity.systemIdentifier(),
                session.major(),
                ServerPaths.find(session).map(ServerPaths::dataDirectory).orElse(""),
                // In-place tablespaces, for tests of PostgreSQL itself, lie in the data directory and need no link.
                facts.tablespaces().stream()
                        .filter(tablespace -> tablespace.location().startsWith("/"))
                        .toList(),
                identity.dataChecksums(),
                identity.blockSize(),
                new ControlFacts(session).init().blocksPerSegment(),
                identity.startedAt());
    }

    public RunningCluster running() {
        return new RunningCluster(dataDirectory, Known.of(systemIdentifier), startedAt);
    }

    public CopyRules rules() {
        return CopyRules.of(major);
    }

    PageRules pageRules(Lsn backupStart) {
        return dataChecksums ? new PageRules(true, pageBytes, segmentBlocks, backupStart) : PageRules.NONE;
    }

    TargetLayout layoutOn(TargetSite target) {
        Map<Oid, String> locations = TablespaceMapping.of(tablespaces, target.tablespaces(), target.dataDirectory());
        return new TargetLayout(target.dataDirectory(), locations, target.walDirectory(), rules().walDirectory());
    }

    boolean groupAccess(TargetSite target) {
        return target.host()
                .files()
                .status(target.dataDirectory())
                .map(FileStatus::mode)
                .filter(mode -> (mode & 0050) == 0050)
                .isPresent();
    }
}
