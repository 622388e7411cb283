package dev.understudy.provision.preflight.gather;

import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.preflight.facts.ClusterConfiguration;
import dev.understudy.provision.recovery.SettingsFile;
import java.util.Map;
import java.util.Optional;

/** Reads what Debian's programs know of the cluster that the standby is to be started as. */
record ClusterConfigurationGatherer(Looks looks) {
    private static final int FILE_LIMIT = 1 << 20;

    ClusterConfiguration gather(DebianCluster cluster) {
        String file = cluster.configurationDirectory() + "/postgresql.conf";
        boolean readable = looks.holds("[ -r \"$1\" ]", file);
        Map<String, String> settings = readable
                ? SettingsFile.parse(looks.host().files().read(file, FILE_LIMIT))
                        .settings()
                : Map.of();
        return new ClusterConfiguration(
                cluster.program(),
                looks.holds("command -v \"$1\" >/dev/null", cluster.program()),
                file,
                readable,
                Optional.ofNullable(settings.get("data_directory")),
                Optional.ofNullable(settings.get("port"))
                        .filter(port -> port.matches("[0-9]{1,5}"))
                        .map(Integer::parseInt));
    }
}
