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

/** Finds a standby's log where servers keep it, and reads its end. */
final class LogGatherer {
    /** The end of a log that is read. */
    private static final int TAIL_BYTES = 8 << 20;

    private final HostFiles files;

    LogGatherer(HostFiles files) {
        this.files = files;
    }

    Known<LogFacts> gather(Optional<String> given, Known<DirectoryFacts> directory) {
        Optional<String> path = given.or(() -> directory.value().flatMap(this::find));
        if (path.isEmpty()) {
            return Known.unknown(
                    directory.isKnown() ? "not found where servers keep it; name it with --log" : Facts.NOT_GIVEN);
        }
        return Looking.at(() -> read(path.get()));
    }

    private LogFacts read(String path) {
        long size = files.realPath(path)
                .flatMap(files::status)
                .map(FileStatus::size)
                .orElse(0L);
        byte[] tail = files.readTail(path, TAIL_BYTES);
        return LogReader.read(path, new String(tail, StandardCharsets.UTF_8), size > TAIL_BYTES);
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
