package dev.understudy.server.survey;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in force on a server, by name, in the units of {@code pg_settings.setting}. Those that the role may not
 * see are not in it.
 *
 * @param values {@code pg_settings.setting} by {@code pg_settings.name}
 */
public record ServerSettings(Map<String, String> values) {
    public ServerSettings {
        values = Map.copyOf(values);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A setting's text; empty if it does not exist, may not be seen or is empty. */
    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public Optional<Long> number(String name) {
        return get(name).filter(value -> value.matches("-?\\d{1,18}")).map(Long::valueOf);
    }

    public boolean isOn(String name) {
        return text(name).equals("on");
    }

    public boolean isOff(String name) {
        return text(name).equals("off");
    }

    /** The entries of a setting that is a comma-separated list, unquoted. */
    public List<String> list(String name) {
        return Arrays.stream(text(name).split(","))
                .map(entry -> entry.strip().replaceAll("^\"(.*)\"$", "$1"))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}
