package dev.understudy.provision.bundle;

import dev.understudy.provision.recovery.InheritedSettings;
import dev.understudy.provision.seal.ForeignSettings;
import dev.understudy.provision.seal.SeenCheckpoint;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.ServerSettings;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.facts.ServerFacts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks a server for what those who seal its clones must know of it. */
final class SourceFacts {
    /** Whether these are empty is all that matters, and they may hold a password. */
    private static final Set<String> MASKED = Set.of(
            "archive_cleanup_command",
            "archive_command",
            "primary_conninfo",
            "recovery_end_command",
            "restore_command",
            "ssl_passphrase_command");

    private static final Set<String> LOOKED_AT = Set.of(
            "external_pid_file",
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_wal_senders",
            "max_worker_processes",
            "port");

    private SourceFacts() {}

    static Bundle.Source source(Session session) {
        Optional<ServerPaths> paths = ServerPaths.find(session);
        ServerSettings settings = ServerSettings.of(session);
        return new Bundle.Source(
                new ServerFacts(session).startedAt(),
                paths.map(ServerPaths::dataDirectory).orElse(""),
                new ReplicationFacts(session).enabledSubscriptions(),
                settings(settings.values()),
                paths.filter(SourceFacts::isOutside)
                        .map(known -> configuration(settings.fromConfigurationFiles()))
                        .orElse(Map.of()));
    }

    private static boolean isOutside(ServerPaths paths) {
        return !paths.configFile().startsWith(paths.dataDirectory() + "/");
    }

    private static Map<String, String> configuration(Map<String, String> configured) {
        Map<String, String> configuration = new TreeMap<>(configured);
        configuration.keySet().removeAll(MASKED);
        return configuration;
    }

    private static Map<String, String> settings(Map<String, String> values) {
        Set<String> names = new TreeSet<>(LOOKED_AT);
        names.addAll(ForeignSettings.names());
        names.addAll(InheritedSettings.names());
        Map<String, String> settings = new TreeMap<>();
        for (String name : names) {
            String value = values.get(name);
            if (value != null) {
                settings.put(name, MASKED.contains(name) && !value.isEmpty() ? "(set)" : value);
            }
        }
        return settings;
    }

    static SeenCheckpoint checkpoint(Session session) {
        ControlFacts.Checkpoint latest = new ControlFacts(session).checkpoint();
        return new SeenCheckpoint(
                latest.checkpointLsn(), latest.redoLsn(), latest.time().getEpochSecond());
    }
}
