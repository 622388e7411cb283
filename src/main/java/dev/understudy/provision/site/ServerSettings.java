package dev.understudy.provision.site;

import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.Setting;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A server's settings in force, as far as the role may see them.
 *
 * @param settings by name
 */
public record ServerSettings(Map<String, Setting> settings) {
    public ServerSettings {
        settings = Map.copyOf(settings);
    }

    public static ServerSettings of(Session session) {
        return new ServerSettings(new ServerFacts(session).settings());
    }

    /** Values by name, numbers in the setting's own unit, which is also what a file without a unit means. */
    public Map<String, String> values() {
        return values(setting -> true);
    }

    /** What a configuration file or the command line set: what another machine's server has to be told anew. */
    public Map<String, String> fromConfigurationFiles() {
        return values(setting -> setting.source().equals("configuration file")
                || setting.source().equals("command line"));
    }

    private Map<String, String> values(Predicate<Setting> wanted) {
        Map<String, String> values = new TreeMap<>();
        settings.values().stream().filter(wanted).forEach(setting -> values.put(setting.name(), setting.value()));
        return values;
    }
}
