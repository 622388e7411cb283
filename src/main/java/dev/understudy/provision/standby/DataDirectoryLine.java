package dev.understudy.provision.standby;

import dev.understudy.provision.recovery.SettingsFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The setting that leads a server to another data directory. Only postgresql.conf can have it, so nothing can override it. */
final class DataDirectoryLine {
    private static final String MAIN_CONF = "postgresql.conf";
    private static final String DATA_DIRECTORY = "data_directory";

    private DataDirectoryLine() {}

    /** Leaves it out of the standby's file, where it would lead to the source's own files; gives what it said. */
    static Optional<String> drop(RenderedFiles rendered) {
        SettingsFile file = rendered.directory()
                .find(MAIN_CONF)
                .map(bytes -> SettingsFile.parse(new String(bytes, StandardCharsets.UTF_8)))
                .orElse(new SettingsFile(List.of()));
        Optional<String> named = Optional.ofNullable(file.settings().get(DATA_DIRECTORY));
        if (named.isPresent()) {
            List<String> kept = file.without(Set.of(DATA_DIRECTORY)).lines();
            rendered.write(MAIN_CONF, (String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return named.map("left data_directory = '%s' out of the standby's postgresql.conf"::formatted);
    }
}
