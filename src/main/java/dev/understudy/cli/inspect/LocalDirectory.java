package dev.understudy.cli.inspect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.local.LocalHost;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.condition.DirectoryCondition;
import dev.understudy.pgfile.condition.DirectorySigns;
import dev.understudy.pgfile.condition.DirectorySigns.Server;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.transfer.files.TargetLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A data directory of this machine, and what it is. */
record LocalDirectory(Path path) {
    private static final List<String> SIGNALS = List.of("standby.signal", "recovery.signal", "recovery.conf");
    private static final int LABEL_BYTES = 1 << 20;

    DirectoryCondition condition() {
        try {
            return DirectoryCondition.of(signs());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.CONTROL_FILE_CRC_WRONG
                    || e.code() == ErrorCode.CONTROL_FILE_TRUNCATED
                    || e.code() == ErrorCode.CONTROL_FILE_INVALID
                    || e.code() == ErrorCode.FORMAT_VERSION_UNKNOWN) {
                return DirectoryCondition.CONTROL_FILE_CORRUPT;
            }
            throw e;
        }
    }

    private DirectorySigns signs() {
        return new DirectorySigns(
                control(),
                Files.exists(path.resolve(TargetLayout.PENDING_CONTROL_FILE)),
                label(BackupLabel.FILE_NAME),
                label(BackupLabel.OLD_FILE_NAME),
                SIGNALS.stream().anyMatch(name -> Files.exists(path.resolve(name))),
                server());
    }

    Optional<ControlFile> control() {
        Path file = path.resolve(ControlFileReader.PATH);
        return Files.exists(file)
                ? Optional.of(ControlFileReader.readRetrying(() -> ControlFileReader.bytesOf(file)))
                : Optional.empty();
    }

    private Optional<BackupLabel> label(String name) {
        Path file = path.resolve(name);
        return Files.isRegularFile(file)
                ? Optional.of(BackupLabel.parse(InspectOutput.bytesOf(file, LABEL_BYTES)))
                : Optional.empty();
    }

    private Server server() {
        String directory = path.toAbsolutePath().normalize().toString();
        try (LocalHost host = new LocalHost()) {
            return PostmasterFile.read(host, directory)
                    .map(file -> file.isAlive(host, directory) ? Server.RUNNING : Server.STALE)
                    .orElse(Server.NONE);
        }
    }
}
