package dev.understudy.provision.standby;

import dev.understudy.provision.recovery.AutoConf;
import dev.understudy.provision.recovery.SettingsFile;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Settings of the copied configuration that name places of the source: its data directory, and the second pid file that
 * another program may rely on. A standby on the same machine would overwrite that, and remove it when it stops.
 *
 * @param notes told what was left out, a sentence each
 */
record InheritedPlaces(RenderedFiles rendered, Consumer<String> notes) {
    private static final String MAIN_CONF = "postgresql.conf";
    private static final String PID_FILE = "external_pid_file";
    private static final Set<String> NAMES = Set.of("data_directory", PID_FILE);

    /** A file without them. */
    static byte[] without(byte[] file) {
        return SettingsFile.parse(file).without(NAMES).bytes();
    }

    /**
     * Leaves them out of the copied postgresql.conf.
     *
     * @param source the source's settings in force, by name
     * @return what must be overridden since an included file sets it; data_directory cannot be overridden there
     */
    Map<String, String> leaveOut(Map<String, String> source) {
        if (!rendered.directory().has(MAIN_CONF)) {
            return Map.of();
        }
        byte[] file = rendered.directory().read(MAIN_CONF);
        Map<String, String> settings = SettingsFile.parse(file).settings();
        boolean named = NAMES.stream().anyMatch(settings::containsKey);
        if (named) {
            rendered.write(MAIN_CONF, without(file));
        }
        NAMES.stream()
                .sorted()
                .filter(settings::containsKey)
                .forEach(name -> notes.accept(
                        "left %s = '%s' out of the standby's postgresql.conf".formatted(name, settings.get(name))));
        boolean known = settings.containsKey(PID_FILE)
                || rendered.directory()
                        .find(AutoConf.FILE_NAME)
                        .map(bytes -> SettingsFile.parse(bytes).settings().containsKey(PID_FILE))
                        .orElse(false);
        return known || source.getOrDefault(PID_FILE, "").isEmpty() ? Map.of() : Map.of(PID_FILE, "");
    }
}
