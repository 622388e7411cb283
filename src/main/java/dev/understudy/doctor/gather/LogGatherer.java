package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.log.LogReader;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.postgres.Known;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a standby's log where servers keep it, and reads its end. */
final class LogGatherer {
    /** The end of a log that is read. */
    private static final int TAIL_BYTES = 8 << 20;

    /** Files of one collector that are read at most. */
    private static final int FILES = 8;

    private final HostFiles files;

    LogGatherer(HostFiles files) {
        this.files = files;
    }

    Known<LogFacts> gather(Optional<String> given, Known<DirectoryFacts> directory) {
        if (given.isPresent()) {
            return Looking.at(() -> read(List.of(given.get())));
        }
        Optional<String> path = directory.value().flatMap(this::find);
        if (path.isEmpty()) {
            return Known.unknown(
                    directory.isKnown() ? "not found where servers keep it; name it with --log" : Facts.NOT_GIVEN);
        }
        return Looking.at(() -> read(withOlder(path.get(), directory)));
    }

    /**
     * The file and the ones before it, the newest first: a collector may begin a file with each start of the server, and
     * what a server does again and again is in several.
     */
    private List<String> withOlder(String path, Known<DirectoryFacts> directory) {
        String parent = path.substring(0, path.lastIndexOf('/'));
        boolean collected = directory
                .value()
                .filter(found -> found.setting("logging_collector")
                        .filter(ConfiguredSetting::isOn)
                        .isPresent())
                .isPresent();
        if (!collected || !path.contains(".")) {
            return List.of(path);
        }
        String extension = path.substring(path.lastIndexOf('.'));
        Stream<String> older = files.list(parent).stream()
                .filter(file -> file.isFile() && file.path().endsWith(extension))
                .sorted(Comparator.comparing(FileStatus::modified).reversed())
                .map(file -> parent + "/" + file.path())
                .filter(file -> !file.equals(path));
        return Stream.concat(Stream.of(path), older).limit(FILES).toList();
    }

    /** @param paths the newest first */
    private LogFacts read(List<String> paths) {
        StringBuilder text = new StringBuilder();
        List<String> read = new ArrayList<>();
        long left = TAIL_BYTES;
        boolean truncated = false;
        for (String path : paths) {
            if (left <= 0) {
                truncated = true;
                break;
            }
            long size = files.realPath(path)
                    .flatMap(files::status)
                    .map(FileStatus::size)
                    .orElse(0L);
            truncated |= size > left;
            text.insert(0, new String(files.readTail(path, (int) left), StandardCharsets.UTF_8));
            left -= size;
            read.add(path);
        }
        return LogReader.read(read, text.toString(), truncated);
    }

    /** What the collector says it writes to, what a run of ours began, Debian's place, pg_ctl's usual name. */
    private Optional<String> find(DirectoryFacts directory) {
        List<String> candidates = new ArrayList<>();
        String current = directory.path() + "/current_logfiles";
        if (isFile(current)) {
            new String(files.readTail(current, 8192), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .map(file -> file.startsWith("/") ? file : directory.path() + "/" + file)
                    .forEach(candidates::add);
        }
        newestOf(directory, directory.setting("log_directory").map(ConfiguredSetting::value))
                .ifPresent(candidates::add);
        String[] parts = directory.path().split("/");
        if (parts.length > 2) {
            candidates.add("/var/log/postgresql/postgresql-" + parts[parts.length - 2] + "-" + parts[parts.length - 1]
                    + ".log");
        }
        candidates.add(directory.path() + "/understudy-start.log");
        candidates.add(directory.path() + "/logfile");
        candidates.add(directory.path() + ".log");
        return candidates.stream()
                .filter(this::isFile)
                .max(Comparator.comparing(
                        file -> files.status(file).orElseThrow().modified()));
    }

    private Optional<String> newestOf(DirectoryFacts directory, Optional<String> configured) {
        String name = configured.orElse(directory.has("log") ? "log" : "pg_log");
        String path = name.startsWith("/") ? name : directory.path() + "/" + name;
        if (files.status(path).filter(FileStatus::isDirectory).isEmpty()) {
            return Optional.empty();
        }
        return files.list(path).stream()
                .filter(FileStatus::isFile)
                .max(Comparator.comparing(FileStatus::modified))
                .map(file -> path + "/" + file.path());
    }

    private boolean isFile(String path) {
        return files.status(path).filter(FileStatus::isFile).isPresent();
    }
}
