package dev.understudy.provision.recovery;

import java.util.Map;
import java.util.TreeMap;

/** {@code postgresql.auto.conf}, which wins over every other file of settings. */
public final class AutoConf {
    public static final String FILE_NAME = "postgresql.auto.conf";

    private AutoConf() {}

    /**
     * Its contents: the lines that it has but those that are set anew, then ours.
     *
     * @param inherited what it has; kept byte for byte
     * @param settings name to value
     */
    public static byte[] with(byte[] inherited, Map<String, String> settings, Templates templates) {
        Map<String, String> ours = new TreeMap<>(settings);
        ours.replaceAll((name, value) -> SettingsFile.asBytes(value));
        return SettingsFile.bytes(templates.render(
                "postgresql.auto.conf.ftl",
                Map.of(
                        "inherited",
                        SettingsFile.parse(inherited).without(ours.keySet()).lines(),
                        "settings",
                        ours)));
    }
}
