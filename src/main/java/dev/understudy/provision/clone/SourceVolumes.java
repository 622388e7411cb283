package dev.understudy.provision.clone;

import dev.understudy.engine.Facts;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.provision.site.BackupServer;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.volume.ClusterPaths;
import dev.understudy.provision.volume.VolumeGatherer;
import dev.understudy.provision.volume.VolumeMap;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of the running source, as the plan names them and as its machine has them. */
final class SourceVolumes {
    private final Site site;
    private final List<String> volumes;

    /** @param volumes what the plan says is snapshotted; may be empty */
    SourceVolumes(Site site, List<String> volumes) {
        this.site = site;
        this.volumes = volumes;
    }

    /** The source's data directory as its server names it. */
    String dataDirectory(Facts facts) {
        try (Session session = BackupServer.open(site.primary(), facts)) {
            return ServerPaths.of(session).dataDirectory();
        }
    }

    /**
     * Looks once more, now that the backup runs: a tablespace may have been made since the preflight.
     *
     * @return empty where the plan names no host for the source's files
     * @throws UnderstudyException {@link ErrorCode#ROUTE_IMPOSSIBLE} if a part of the cluster is on no volume
     */
    Optional<VolumeMap> look(Facts facts) {
        Optional<Host> host = site.primary().host();
        if (host.isEmpty() || volumes.isEmpty()) {
            return Optional.empty();
        }
        VolumeMap map;
        try (Session session = BackupServer.open(site.primary(), facts)) {
            map = VolumeGatherer.gather(host.get(), paths(session), volumes);
        }
        if (!map.leftOut().isEmpty()) {
            throw UnderstudyException.of(
                            ErrorCode.VOLUME_LEFT_OUT,
                            "a part of the database cluster is on no volume that is snapshotted: %s",
                            map.leftOut().get(0))
                    .detail("Not in any of %s: %s.", volumes, String.join("; ", map.leftOut()))
                    .build();
        }
        return Optional.of(map);
    }

    private ClusterPaths paths(Session session) {
        ServerPaths paths = ServerPaths.of(session);
        Map<String, String> tablespaces = new LinkedHashMap<>();
        new ServerFacts(session)
                .tablespaces().stream()
                        .filter(tablespace -> tablespace.location().startsWith("/"))
                        .forEach(tablespace -> tablespaces.put(tablespace.oid().toString(), tablespace.location()));
        Optional<String> wal = Optional.of(paths.walDirectory())
                .filter(path -> site.target().walDirectory().isEmpty());
        return new ClusterPaths(paths.dataDirectory(), wal, tablespaces, Map.of());
    }

    /**
     * The plan's volumes in the order in which they are to be taken: from a standby the one with pg_control last, since
     * pg_control must be as new as the newest page. Where the map is not known the plan's own order is kept.
     */
    List<String> inOrder(Optional<VolumeMap> map, boolean fromStandby) {
        Optional<String> last = map.filter(found -> fromStandby).flatMap(found -> found.volumeOfControlFile(volumes));
        List<String> ordered = new ArrayList<>(volumes);
        last.ifPresent(volume -> {
            ordered.remove(volume);
            ordered.add(volume);
        });
        return ordered;
    }
}
