package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import java.util.List;
import java.util.Optional;

/**
 * What starts the standby's server after a reboot.
 *
 * @param controlGroup the systemd unit that the running server belongs to; empty if it belongs to none
 * @param enabled what {@code systemctl is-enabled} says of that unit; unknown where there is no unit or no systemctl
 * @param clusters clusters of Debian's postgresql-common on the host
 */
public record ServiceFacts(
        Known<Optional<String>> controlGroup, Known<String> enabled, Known<List<DebianCluster>> clusters) {

    /**
     * A cluster that postgresql-common knows.
     *
     * @param name {@code 15/main}
     * @param dataDirectory what its postgresql.conf says; empty text if it does not
     * @param start the word of its start.conf: {@code auto}, {@code manual} or {@code disabled}
     */
    public record DebianCluster(String name, String dataDirectory, String start) {}

    /** The cluster whose data directory this is. */
    public Optional<DebianCluster> cluster(String dataDirectory) {
        return clusters.orElse(List.of()).stream()
                .filter(cluster -> cluster.dataDirectory().equals(dataDirectory))
                .findFirst();
    }
}
