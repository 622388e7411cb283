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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides and writes the standby's configuration: postgresql.auto.conf, password file, and what the copy lacked. */
final class ConfigurationWriter {

    private final Site site;
    private final RenderRecovery.Options options;
    private final Templates templates;
    private final RenderedFiles rendered;
    private final ParsedConfiguration server;

    ConfigurationWriter(
            Site site,
            RenderRecovery.Options options,
            Templates templates,
            RenderedFiles rendered,
            ParsedConfiguration server) {
        this.site = site;
        this.options = options;
        this.templates = templates;
        this.rendered = rendered;
        this.server = server;
    }

    RecoveryConfiguration write(StepContext context, ControlFile control) {
        ServerSettings source;
        Optional<ServerPaths> paths;
        try (Session session = site.primary().open()) {
            source = ServerSettings.of(session);
            paths = ServerPaths.find(session);
        }
        Map<String, String> overrides = overrides(context, control, source);
        if (options.cluster().isEmpty()) {
            overrides.putAll(new InheritedPlaces(rendered, context::warn).leaveOut(source.values()));
            new OutsideConfiguration(site, rendered).bringAlong(context, source, paths);
        }
        return new RecoverySettings(site.target(), rendered, templates)
                .write(
                        control,
                        ReplicationConninfo.of(site, options.replication(), options.slot()),
                        options.slot(),
                        options.restoreCommand(),
                        overrides);
    }

    private Map<String, String> overrides(StepContext context, ControlFile control, ServerSettings source) {
        Map<String, String> overrides = new TreeMap<>(InheritedSettings.overrides(control.major(), source.values()));
        int port = port(context, source);
        context.record(StandbyPort.PORT, Integer.toString(port));
        overrides.put("port", Integer.toString(port));
        site.target().socketDirectory().ifPresent(path -> overrides.put("unix_socket_directories", path));
        overrides.putAll(options.settings());
        // A cluster of Debian's does not take over the primary's configuration: what counts is what it has itself.
        Map<String, String> configured =
                options.cluster().isPresent() ? RequiredMinimums.read(control, server::ask) : source.values();
        overrides.putAll(
                RecoverySettings.raised(control, RenderRecovery.merged(configured, options.settings()), context::warn));
        return overrides;
    }

    private int port(StepContext context, ServerSettings source) {
        boolean decided = site.target().port().isPresent()
                || context.facts().find(StandbyPort.PORT).isPresent();
        return !decided && options.cluster().isPresent()
                ? Integer.parseInt(server.ask("port"))
                : StandbyPort.choose(
                        site, context, Integer.parseInt(source.values().get("port")));
    }
}
