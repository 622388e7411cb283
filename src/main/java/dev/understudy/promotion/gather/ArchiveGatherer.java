package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.gather.Looking;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.archive.ArchivePlace;
import dev.understudy.promotion.archive.ArchivePlace.Kind;
import dev.understudy.promotion.facts.ArchiveFacts;
import dev.understudy.promotion.facts.ArchiveFacts.ArchiveDirectory;
import dev.understudy.server.facts.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the place where the standby would archive to, without running its command and without making a file there:
 * whether the server's account may write, how much room there is, and which timelines have left WAL.
 */
final class ArchiveGatherer {
    private static final String BASIC_ARCHIVE_DIRECTORY = "basic_archive.archive_directory";

    /** An archive may hold hundreds of thousands of files: only which timelines there are comes back. */
    private static final String LOOK = """
            [ -d "$1" ] || exit 3
            cd -- "$1" || exit 4
            pwd -P
            if [ -w . ]; then echo W; fi
            ls -f | LC_ALL=C sed -n \\
                -e 's/^\\([0-9A-F]\\{8\\}\\)[0-9A-F]\\{16\\}\\(\\..*\\)\\{0,1\\}$/S \\1/p' \\
                -e 's/^\\([0-9A-F]\\{8\\}\\)\\.history\\(\\..*\\)\\{0,1\\}$/H \\1/p' | sort -u
            """;

    private static final int ABSENT = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Host host;
    private final String dataDirectory;

    private ArchiveGatherer(Host host, String dataDirectory) {
        this.host = host;
        this.dataDirectory = dataDirectory;
    }

    static Known<ArchiveFacts> gather(Sight sight, Facts servers, Known<Map<String, Setting>> settings) {
        return settings.flatMap(found -> sight.dataDirectory()
                .flatMap(path -> sight.onHost(host ->
                        new ArchiveGatherer(host, path).look(place(found), ArchivePlace.of(restore(servers, found))))));
    }

    private static ArchivePlace place(Map<String, Setting> settings) {
        String library = value(settings, "archive_library");
        if (library.equals("basic_archive")) {
            return ArchivePlace.directory(value(settings, BASIC_ARCHIVE_DIRECTORY));
        }
        return library.isEmpty() ? ArchivePlace.of(value(settings, "archive_command")) : ArchivePlace.library(library);
    }

    /** Up to 11 it is in recovery.conf, of which SQL knows nothing. */
    private static String restore(Facts servers, Map<String, Setting> settings) {
        Setting setting = settings.get("restore_command");
        if (setting != null) {
            return setting.value();
        }
        return servers.directory()
                .value()
                .flatMap(directory -> directory.setting("restore_command"))
                .map(found -> found.value())
                .orElse("");
    }

    private static String value(Map<String, Setting> settings, String name) {
        Setting setting = settings.get(name);
        return setting == null ? "" : setting.value();
    }

    private ArchiveFacts look(ArchivePlace place, ArchivePlace restore) {
        Known<Boolean> program = place.hasProgram()
                ? Looking.at(() -> isThere(place.program()))
                : Known.unknown("the command names no program");
        Known<Optional<ArchiveDirectory>> directory = place.kind() == Kind.DIRECTORY
                ? Looking.at(() -> directory(place.absolute(dataDirectory)))
                : Known.unknown("the standby archives to " + place.describe() + ", which was not looked into");
        return new ArchiveFacts(place, program, directory, restore);
    }

    /** As the shell that the server starts would find it: in its PATH, or from the data directory on. */
    private boolean isThere(String program) {
        return host.run(Command.shell("command -v -- \"$1\" >/dev/null", program)
                        .withDirectory(dataDirectory))
                .succeeded();
    }

    private Optional<ArchiveDirectory> directory(String path) {
        CommandResult seen = host.run(Command.shell(LOOK, path).withLimit(LIMIT));
        if (seen.status() == ABSENT) {
            return Optional.empty();
        }
        List<String> lines = seen.orThrow().text().lines().toList();
        String real = lines.get(0);
        return Optional.of(new ArchiveDirectory(
                real,
                lines.contains("W"),
                host.files().usage(real).availableBytes(),
                timelines(lines, "H "),
                timelines(lines, "S ")));
    }

    private static List<Long> timelines(List<String> lines, String mark) {
        return lines.stream()
                .filter(line -> line.startsWith(mark))
                .map(line -> Long.parseLong(line.substring(mark.length()), 16))
                .toList();
    }
}
