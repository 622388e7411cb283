package dev.understudy.provision.seal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Optional;

/** What lies in a clone that says what it is. */
final class ClonedFiles {
    private static final int SMALL_FILE_BYTES = 1 << 20;

    private final TargetSite target;

    ClonedFiles(TargetSite target) {
        this.target = target;
    }

    private HostFiles files() {
        return target.host().files();
    }

    /** Whether sealing has begun and not come to its end: pg_control is there under the name that no server reads. */
    boolean isDisarmed() {
        return has(TargetLayout.PENDING_CONTROL_FILE) && !has(TargetLayout.CONTROL_FILE);
    }

    private boolean has(String relative) {
        return files().status(target.path(relative)).isPresent();
    }

    /** The bytes of pg_control, whichever name it has. */
    byte[] controlBytes() {
        String name = isDisarmed() ? TargetLayout.PENDING_CONTROL_FILE : TargetLayout.CONTROL_FILE;
        return files().read(target.path(name), ControlFileReader.FILE_BYTES);
    }

    /** @throws UnderstudyException {@link ErrorCode#NOT_A_CLONE} if this is no data directory */
    ControlFile control() {
        if (files().status(target.dataDirectory())
                .filter(FileStatus::isDirectory)
                .isEmpty()) {
            throw notADirectory("There is no such directory.");
        }
        for (String name : new String[] {"PG_VERSION", "base", "global"}) {
            if (!has(name)) {
                throw notADirectory("It has no %s.".formatted(name));
            }
        }
        if (!has(TargetLayout.CONTROL_FILE) && !has(TargetLayout.PENDING_CONTROL_FILE)) {
            throw notADirectory("It has no global/pg_control.");
        }
        try {
            return ControlFileReader.read(controlBytes());
        } catch (UnderstudyException e) {
            throw UnderstudyException.of(
                            ErrorCode.NOT_A_CLONE, "pg_control of \"%s\" cannot be used", target.dataDirectory())
                    .detail("%s", e.message())
                    .hint("Clone again.")
                    .cause(e)
                    .build();
        }
    }

    private UnderstudyException notADirectory(String detail) {
        return UnderstudyException.of(ErrorCode.NOT_A_CLONE, "\"%s\" is not a data directory", target.dataDirectory())
                .detail("%s", detail)
                .hint("Is the clone's volume mounted?")
                .build();
    }

    /** Empty as well if it cannot be read: then it is nobody's. */
    Optional<BackupLabel> label(String name) {
        String path = target.path(name);
        if (files().status(path).filter(FileStatus::isFile).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(BackupLabel.parse(files().read(path, SMALL_FILE_BYTES)));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.BACKUP_LABEL_INVALID) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Optional<PostmasterFile> postmaster() {
        return PostmasterFile.read(target.host(), target.dataDirectory());
    }

    /** @throws UnderstudyException {@link ErrorCode#CLONE_RUNNING} */
    void requireStopped() {
        postmaster().filter(this::isAlive).ifPresent(file -> {
            throw UnderstudyException.of(
                            ErrorCode.CLONE_RUNNING,
                            "a server is running in \"%s\", pid %d",
                            target.dataDirectory(),
                            file.pid())
                    .hint("A clone that was started cannot be sealed: clone again, and seal it first.")
                    .build();
        });
    }

    /**
     * Whether the process works in the directory. A number that was cloned with its file is any process's here; a server
     * of this directory is one that the directory's owner may signal.
     */
    private boolean isAlive(PostmasterFile file) {
        String script =
                "kill -0 \"$1\" 2>/dev/null || exit 1; [ ! -e \"/proc/$1/cwd\" ] || [ \"/proc/$1/cwd\" -ef \"$2\" ]";
        return target.host()
                .run(Command.shell(script, Long.toString(file.pid()), target.dataDirectory()))
                .succeeded();
    }
}
