package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.provision.recovery.SettingsFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration files as the server would: {@code postgresql.conf} with what it includes, {@code
 * postgresql.auto.conf}, and up to 11 {@code recovery.conf}. A main file outside of the data directory, as Debian has it,
 * is found through the server's own options.
 */
final class ConfigurationGatherer {
    private static final int LIMIT_BYTES = 4 << 20;

    /** As the server's own limit. Source: {@code CONF_FILE_MAX_DEPTH} in {@code guc-file.l}. */
    private static final int DEEPEST = 10;

    private final HostFiles files;
    private final String directory;
    private final List<ConfiguredSetting> settings = new ArrayList<>();

    ConfigurationGatherer(HostFiles files, String directory) {
        this.files = files;
        this.directory = directory;
    }

    List<ConfiguredSetting> gather() {
        read(mainFile(), 0);
        for (String own : List.of("recovery.conf", "postgresql.auto.conf")) {
            read(directory + "/" + own, 0);
        }
        return List.copyOf(settings);
    }

    /** The file that the running or last server was started with: {@code -c config_file=…} in postmaster.opts. */
    private String mainFile() {
        String options = directory + "/postmaster.opts";
        if (isFile(options)) {
            String text = text(options);
            int at = text.indexOf("config_file=");
            if (at >= 0) {
                return text.substring(at + "config_file=".length()).split("[\"\\s]", 2)[0];
            }
        }
        String own = directory + "/postgresql.conf";
        String debian = directory.replaceFirst("^/var/lib/postgresql/", "/etc/postgresql/") + "/postgresql.conf";
        return !isFile(own) && isFile(debian) ? debian : own;
    }

    private boolean isFile(String path) {
        return files.realPath(path)
                .flatMap(files::status)
                .filter(FileStatus::isFile)
                .isPresent();
    }

    private String text(String path) {
        return new String(files.read(path, LIMIT_BYTES), StandardCharsets.UTF_8);
    }

    private void read(String path, int depth) {
        if (depth > DEEPEST || !isFile(path)) {
            return;
        }
        int number = 0;
        for (String line : text(path).split("\n", -1)) {
            number++;
            for (Map.Entry<String, String> entry : SettingsFile.parse(line.getBytes(StandardCharsets.UTF_8))
                    .settings()
                    .entrySet()) {
                add(path, number, entry.getKey(), entry.getValue(), depth);
            }
        }
    }

    private void add(String path, int line, String name, String value, int depth) {
        String beside = value.startsWith("/") ? value : path.substring(0, path.lastIndexOf('/') + 1) + value;
        switch (name) {
            case "include", "include_if_exists" -> read(beside, depth + 1);
            case "include_dir" ->
                files.status(beside)
                        .filter(FileStatus::isDirectory)
                        .ifPresent(found -> files.list(beside).stream()
                                .map(FileStatus::path)
                                .filter(file -> file.endsWith(".conf") && !file.startsWith("."))
                                .forEach(file -> read(beside + "/" + file, depth + 1)));
            default -> settings.add(new ConfiguredSetting(name, Masking.setting(name, value), path, line));
        }
    }
}
