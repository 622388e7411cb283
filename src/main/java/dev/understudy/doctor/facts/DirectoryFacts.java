package dev.understudy.doctor.facts;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A standby's data directory, read while its server may be up or down.
 *
 * @param path absolute path on its host
 * @param major contents of PG_VERSION
 * @param control pg_control
 * @param entries names at the directory's top level, sorted
 * @param labels text of backup_label, backup_label.old and tablespace_map by name, as far as they are there
 * @param settings what the configuration files say, in the order in which they are read: a later one wins
 * @param process what postmaster.pid says; empty if there is no such file
 * @param tablespaces entries of pg_tblspc
 * @param permissions who may do what
 * @param wal the WAL directory's files
 * @param walEnd where and why a reading of the WAL that is at hand ends
 * @param backupEnd the search for the end-of-backup record, if pg_control waits for one
 * @param programs version of the server programs that would run it, such as {@code 15.18}
 * @param usage file systems by what is on them: {@code data directory}, {@code WAL}
 */
public record DirectoryFacts(
        String path,
        Known<ServerMajor> major,
        Known<ControlFile> control,
        List<String> entries,
        Map<String, String> labels,
        Known<List<ConfiguredSetting>> settings,
        Known<Optional<ServerProcess>> process,
        Known<List<TablespaceLink>> tablespaces,
        Known<Permissions> permissions,
        Known<WalListing> wal,
        Known<WalTail> walEnd,
        Known<BackupEndFacts> backupEnd,
        Known<String> programs,
        Map<String, Known<FileSystemUsage>> usage) {
    public static final String STANDBY_SIGNAL = "standby.signal";
    public static final String RECOVERY_SIGNAL = "recovery.signal";
    public static final String RECOVERY_CONF = "recovery.conf";

    public DirectoryFacts {
        entries = List.copyOf(entries);
        labels = Map.copyOf(labels);
        usage = Map.copyOf(usage);
    }

    public boolean has(String name) {
        return entries.contains(name);
    }

    /** The value that the configuration files leave in force; empty if no file sets it or none could be read. */
    public Optional<ConfiguredSetting> setting(String name) {
        return settings.value()
                .flatMap(all -> all.stream()
                        .filter(setting -> setting.name().equals(name))
                        .reduce((earlier, later) -> later));
    }

    /** Whether a server is told to stay a standby here. */
    public boolean isToldToFollow() {
        return has(STANDBY_SIGNAL)
                || setting("standby_mode").filter(mode -> mode.isOn()).isPresent();
    }

    /** Whether the directory's own server runs; empty if that could not be told. */
    public Optional<Boolean> isRunning() {
        return process.value().map(found -> found.filter(ServerProcess::isOurs).isPresent());
    }

    /** The label in force: backup_label, else the one that recovery has taken over. Empty if there is none, or no valid one. */
    public Optional<BackupLabel> label() {
        return parse(BackupLabel.FILE_NAME).or(() -> parse(BackupLabel.OLD_FILE_NAME));
    }

    /** One of the two labels; empty if it is not there or cannot be read as one. */
    public Optional<BackupLabel> parse(String name) {
        String text = labels.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(BackupLabel.parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (UnderstudyException e) {
            // That it is no label is what the empty answer says; the text itself is among the facts.
            return Optional.empty();
        }
    }

    void notExamined(List<NotExamined> missing) {
        Facts.note(missing, "PG_VERSION", major);
        Facts.note(missing, "pg_control", control);
        Facts.note(missing, "configuration files", settings);
        Facts.note(missing, "server process", process);
        Facts.note(missing, "tablespaces", tablespaces);
        Facts.note(missing, "permissions", permissions);
        Facts.note(missing, "WAL directory", wal);
        Facts.note(missing, "WAL contents", walEnd);
        if (control.value()
                .filter(found -> !found.backupStartPoint().isInvalid())
                .isPresent()) {
            Facts.note(missing, "end of backup", backupEnd);
        }
        Facts.note(missing, "server programs", programs);
        usage.forEach((what, found) -> Facts.note(missing, "free space of the " + what, found));
    }
}
