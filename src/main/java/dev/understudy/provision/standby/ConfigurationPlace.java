package dev.understudy.provision.standby;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.host.ShellQuote;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.recovery.SettingsFile;
import dev.understudy.provision.site.TargetSite;
import java.util.List;
import java.util.Optional;

/**
 * Where a data directory's server finds {@code postgresql.conf}: inside of it, or outside, as Debian has it in {@code
 * /etc/postgresql}.
 *
 * @param directory absolute path
 * @param inside whether it is the data directory
 */
public record ConfigurationPlace(String directory, boolean inside) {
    private static final String MAIN_CONF = "postgresql.conf";
    private static final String DEBIAN = "/etc/postgresql";
    private static final int FILE_LIMIT = 1 << 20;

    /**
     * Finds it.
     *
     * @param named by the caller; else a cluster of Debian's that has this data directory, else the directory itself
     * @return empty if there is none of them
     * @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} if there is none where the caller says
     */
    public static Optional<ConfigurationPlace> find(TargetSite target, Optional<String> named) {
        HostFiles files = target.host().files();
        if (named.isPresent()) {
            String directory = named.get();
            if (files.status(directory + "/" + MAIN_CONF).isEmpty()) {
                throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "there is no %s in \"%s\"", MAIN_CONF, directory)
                        .build();
            }
            return Optional.of(new ConfigurationPlace(directory, directory.equals(target.dataDirectory())));
        }
        return debian(files, target).or(() -> inside(target));
    }

    static Optional<ConfigurationPlace> inside(TargetSite target) {
        return new TargetDirectory(target).has(MAIN_CONF)
                ? Optional.of(new ConfigurationPlace(target.dataDirectory(), true))
                : Optional.empty();
    }

    private static Optional<ConfigurationPlace> debian(HostFiles files, TargetSite target) {
        return directories(files, DEBIAN).stream()
                .flatMap(version -> directories(files, version).stream())
                .filter(cluster -> names(files, cluster + "/" + MAIN_CONF, target.dataDirectory()))
                .findFirst()
                .map(cluster -> new ConfigurationPlace(cluster, false));
    }

    private static List<String> directories(HostFiles files, String parent) {
        if (files.status(parent).filter(FileStatus::isDirectory).isEmpty()) {
            return List.of();
        }
        return files.list(parent).stream()
                .filter(FileStatus::isDirectory)
                .map(entry -> parent + "/" + entry.path())
                .sorted()
                .toList();
    }

    private static boolean names(HostFiles files, String file, String dataDirectory) {
        try {
            return files.status(file).isPresent()
                    && Optional.ofNullable(SettingsFile.parse(files.read(file, FILE_LIMIT))
                                    .settings()
                                    .get("data_directory"))
                            .map(path -> files.realPath(path).orElse(path))
                            .filter(dataDirectory::equals)
                            .isPresent();
        } catch (UnderstudyException e) {
            // Another cluster's, which this directory's owner may not read.
            return false;
        }
    }

    /** The command that starts a server with it. */
    public String startCommand(Optional<ServerPrograms> programs) {
        if (directory.startsWith(DEBIAN + "/")) {
            String[] parts = directory.substring(DEBIAN.length() + 1).split("/", -1);
            if (parts.length == 2) {
                return "pg_ctlcluster " + parts[0] + " " + parts[1] + " start";
            }
        }
        return programs.map(found -> found.program("pg_ctl")).orElse("pg_ctl") + " -D " + ShellQuote.quote(directory)
                + " start";
    }
}
