package dev.understudy.provision.standby;

import dev.understudy.engine.StepContext;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.provision.recovery.InheritedSettings;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.recovery.Templates;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.ServerSettings;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides and writes the standby's configuration: postgresql.auto.conf, password file, and what the copy lacked. */
final class ConfigurationWriter {
    private static final String AUTO_CONF = "postgresql.auto.conf";

    private final Site site;
    private final RenderRecovery.Options options;
    private final Templates templates;
    private final RenderedFiles rendered;

    ConfigurationWriter(Site site, RenderRecovery.Options options, Templates templates, RenderedFiles rendered) {
        this.site = site;
        this.options = options;
        this.templates = templates;
        this.rendered = rendered;
    }

    RecoveryConfiguration write(StepContext context, ControlFile control) {
        ServerSettings source;
        Optional<ServerPaths> paths;
        try (Session session = site.primary().open()) {
            source = ServerSettings.of(session);
            paths = ServerPaths.find(session);
        }
        Map<String, String> overrides = overrides(context, control, source);
        DataDirectoryLine.drop(rendered).ifPresent(context::warn);
        new OutsideConfiguration(site, rendered).bringAlong(context, source, paths);
        ReplicationConninfo replication = ReplicationConninfo.of(site, options.replication(), options.slot());
        String passFile = site.target().path(PassFileEntry.FILE_NAME);
        if (replication.needsPassFile(control.major())) {
            rendered.writePrivate(
                    PassFileEntry.FILE_NAME,
                    PassFileEntry.contents(
                            replication.conninfo(), replication.password().orElse("")));
        }
        RecoveryConfiguration configuration = new RecoveryConfiguration(
                control.major(),
                replication.forServer(control.major(), passFile),
                options.slot(),
                options.restoreCommand(),
                overrides);
        String inherited = rendered.directory()
                .find(AUTO_CONF)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        // Mode 0600 always: up to 9.6 recovery.conf, from 12 this file may say how to log in to the primary.
        rendered.writePrivate(
                AUTO_CONF, configuration.autoConf(inherited, templates).getBytes(StandardCharsets.UTF_8));
        return configuration;
    }

    private Map<String, String> overrides(StepContext context, ControlFile control, ServerSettings source) {
        Map<String, String> overrides = new TreeMap<>(InheritedSettings.overrides(control.major(), source.values()));
        int port = StandbyPort.choose(
                site, context.facts(), Integer.parseInt(source.values().get("port")));
        context.record(StandbyPort.PORT, Integer.toString(port));
        overrides.put("port", Integer.toString(port));
        site.target().socketDirectory().ifPresent(path -> overrides.put("unix_socket_directories", path));
        overrides.putAll(options.settings());
        Map<String, String> raised =
                RequiredMinimums.raised(control, RenderRecovery.merged(source.values(), options.settings()));
        raised.forEach((name, value) -> context.warn(
                "raised " + name + " to " + value + ": a standby must not have less than its primary had"));
        overrides.putAll(raised);
        return overrides;
    }
}
