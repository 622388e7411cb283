package dev.understudy.provision.standby;

import dev.understudy.engine.StepContext;
import dev.understudy.host.Host;
import dev.understudy.provision.recovery.GucQuote;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.ServerSettings;
import dev.understudy.provision.site.Site;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings configuration along that lies outside of the primary's data directory, as Debian's does in
 * {@code /etc/postgresql}: the settings in force are written to a postgresql.conf in the data directory, access rules
 * are copied where the primary's files can be read.
 */
final class OutsideConfiguration {
    /** Paths of the primary's machine, and what the standby gets otherwise. */
    private static final Set<String> NOT_TAKEN =
            Set.of("config_file", "data_directory", "hba_file", "ident_file", "external_pid_file", "port");

    private static final int FILE_LIMIT = 1 << 20;

    private final Site site;
    private final RenderedFiles rendered;

    OutsideConfiguration(Site site, RenderedFiles rendered) {
        this.site = site;
        this.rendered = rendered;
    }

    void bringAlong(StepContext context, ServerSettings source, Optional<ServerPaths> paths) {
        if (!rendered.directory().has("postgresql.conf")) {
            rendered.write("postgresql.conf", settingsFile(source.fromConfigurationFiles()));
            context.warn("the primary's configuration lies outside of its data directory"
                    + paths.map(known -> " (\"" + known.configFile() + "\")").orElse("")
                    + ": wrote its settings in force to the standby's postgresql.conf");
        }
        bringRules(context, "pg_hba.conf", paths.map(ServerPaths::hbaFile), FALLBACK_HBA);
        bringRules(context, "pg_ident.conf", paths.map(ServerPaths::identFile), "");
    }

    /** The access rules of a standby whose source's cannot be read. */
    static final String FALLBACK_HBA = """
            # The primary's access rules could not be read. These admit the same machine alone.
            local   all             all                             peer
            local   replication     all                             peer
            host    all             all     127.0.0.1/32            scram-sha-256
            host    all             all     ::1/128                 scram-sha-256
            """;

    /**
     * A file of settings.
     *
     * @param configured what the source's files set, by name; places of its machine are left out
     */
    static byte[] settingsFile(Map<String, String> configured) {
        Map<String, String> settings = new TreeMap<>(configured);
        settings.keySet().removeAll(NOT_TAKEN);
        StringBuilder text = new StringBuilder("# The primary's settings in force when this standby was built.\n");
        settings.forEach((name, value) ->
                text.append(name).append(" = ").append(GucQuote.quote(value)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void bringRules(StepContext context, String name, Optional<String> path, String fallback) {
        if (rendered.directory().has(name)) {
            return;
        }
        Optional<byte[]> contents = path.flatMap(this::readOnPrimary);
        if (contents.isEmpty()) {
            context.warn(
                    "the primary's " + path.map(known -> "\"" + known + "\"").orElse(name)
                            + " cannot be read from here: the standby got a minimal " + name
                            + "; complete it before you promote it");
        }
        rendered.writePrivate(name, contents.orElse(fallback.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<byte[]> readOnPrimary(String path) {
        return site.primary()
                .host()
                .filter(host -> isReadable(host, path))
                .map(host -> host.files().read(path, FILE_LIMIT));
    }

    private static boolean isReadable(Host host, String path) {
        return host.run(dev.understudy.host.Command.of("test", "-r", path).asLook())
                .succeeded();
    }
}
