package dev.understudy.provision;

import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.SshServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ways on which runs are killed: their playbooks and parameters, by the way's name. */
record KilledRoute(EmbeddedPostgres primary, SshServer sshd, Path target, Path archive) {

    static String playbook(String route) {
        return switch (route) {
            case "basebackup", "replication" -> "basebackup";
            case "reseed", "clone" -> route;
            default -> "standby";
        };
    }

    /** A program that copies by itself, and a hook, begin anew; all others go on from what they have. */
    static boolean comparesWithWhatIsThere(String route) {
        return !route.equals("clone") && !playbook(route).equals("basebackup");
    }

    /** The parameters of a way; of {@code standby}, whose primary is another server, without that. */
    Map<String, String> parameters(String route) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
        switch (route) {
            case "local", "reseed", "standby" -> parameters.putAll(Map.of("primary_host", "local", "via", "local"));
            case "ssh" -> parameters.putAll(Map.of("primary_host", sshd.address(), "via", "ssh"));
            case "relay" ->
                parameters.putAll(Map.of("standby_host", sshd.address(), "via", "sql", "account", Account.ofServers()));
            case "stream" -> parameters.putAll(Map.of("via", "sql", "wal", "stream"));
            case "archive" ->
                parameters.putAll(
                        Map.of("via", "sql", "wal", "archive", "restore_command", "cp " + archive + "/%f %p"));
            case "basebackup" ->
                parameters.put("bin_directory", Oracles.binDirectory().toString());
            case "replication" -> {
                parameters.put("bin_directory", Oracles.binDirectory().toString());
                parameters.put("primary", primary.conninfo().replace("user=postgres", "user=replicator"));
            }
            case "clone" -> parameters.putAll(cloneParameters());
            default -> parameters.put("via", "sql");
        }
        return parameters;
    }

    /** A copy in the backup's bracket by somebody else: what it makes is said before it is made. */
    private Map<String, String> cloneParameters() {
        String source = primary.dataDirectory().toString();
        String snapshot = "printf '{\"made\": [{\"kind\": \"directory\", \"id\": \"%1$s\"}]}'; cp -a -- '%2$s' '%1$s'"
                .formatted(target, source);
        return Map.of(
                "primary_host",
                "local",
                "volumes",
                source,
                "snapshot",
                snapshot,
                "cleanup",
                "rm -rf -- '" + target + "'");
    }
}
