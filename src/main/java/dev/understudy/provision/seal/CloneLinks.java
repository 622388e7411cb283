package dev.understudy.provision.seal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.backup.TablespaceMap;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.Tablespace;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.TargetLayout;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the clone's symbolic links have to lead. A link that was cloned with its directory says where the source has its
 * files; on the source's own machine that is the source's very directory, on another one perhaps nothing.
 */
final class CloneLinks {
    private final TargetSite target;
    private final CloneBackup backup;
    private final CopyRules rules;

    CloneLinks(TargetSite target, CloneBackup backup, ControlFile control) {
        this.target = target;
        this.backup = backup;
        this.rules = CopyRules.of(control.major());
    }

    private HostFiles files() {
        return target.host().files();
    }

    /**
     * Checks every link, changing none.
     *
     * @throws UnderstudyException {@link ErrorCode#VOLUME_NOT_CLONED} if a tablespace is not there
     */
    TargetLayout check(ControlFile control) {
        Map<Oid, String> tablespaces = new TreeMap<>();
        for (Tablespace tablespace : TablespaceMap.parse(backup.tablespaceMap(), control.major())) {
            tablespaces.put(tablespace.oid(), tablespace.location());
        }
        String directory = target.path(TargetLayout.TABLESPACES);
        if (files().status(directory).filter(FileStatus::isDirectory).isPresent()) {
            files().list(directory)
                    .forEach(entry -> entry.linkTarget()
                            .filter(location -> entry.path().matches("\\d+"))
                            .ifPresent(location -> tablespaces.putIfAbsent(Oid.parse(entry.path()), location)));
        }
        tablespaces.replaceAll((oid, location) -> target.tablespaces().getOrDefault(location, location));
        tablespaces.forEach(this::requireCloned);
        return new TargetLayout(target.dataDirectory(), tablespaces, walDirectory(), rules.walDirectory());
    }

    private void requireCloned(Oid oid, String location) {
        String inside = location + "/" + rules.tablespaceVersionDirectory();
        if (files().status(inside).filter(FileStatus::isDirectory).isEmpty()) {
            throw notCloned(oid, "There is no directory \"%s\".".formatted(inside));
        }
        if (isSources(TargetLayout.TABLESPACES + "/" + oid, location)) {
            throw notCloned(oid, "\"%s\" is the source's own: two servers would write to it.".formatted(location));
        }
    }

    private static UnderstudyException notCloned(Oid oid, String detail) {
        return UnderstudyException.of(ErrorCode.VOLUME_NOT_CLONED, "tablespace %s of the clone is not there", oid)
                .detail("%s", detail)
                .hint("Mount the clone of its volume there, or map it: OLD=NEW.")
                .build();
    }

    /** Whether this machine has the source's data directory, too, and the path leads to the same place as its link. */
    private boolean isSources(String link, String path) {
        if (backup.dataDirectory().isEmpty() || isSamePlace(backup.dataDirectory(), target.dataDirectory())) {
            return false;
        }
        return isSamePlace(backup.dataDirectory() + "/" + link, path);
    }

    private boolean isSamePlace(String one, String other) {
        Optional<String> real = files().realPath(one);
        return real.isPresent() && real.equals(files().realPath(other));
    }

    /** Where WAL shall lie: what the caller says, else where the link leads, if that is the clone's own. */
    private Optional<String> walDirectory() {
        if (target.walDirectory().isPresent()) {
            return target.walDirectory();
        }
        String wal = rules.walDirectory();
        Optional<FileStatus> status = files().status(target.path(wal));
        return status.flatMap(FileStatus::linkTarget)
                .filter(path -> files().realPath(target.path(wal)).isPresent())
                .filter(path -> !isSources(wal, target.path(wal)));
    }

    /** Makes the links lead there; WAL gets a new directory where it has none of its own. */
    void apply(TargetLayout layout) {
        layout.tablespaces().forEach((oid, location) -> link(TargetLayout.TABLESPACES + "/" + oid, location));
        if (layout.walDirectory().isPresent()) {
            link(layout.walName(), layout.walDirectory().get());
            return;
        }
        String wal = target.path(layout.walName());
        Optional<FileStatus> status = files().status(wal);
        if (status.filter(FileStatus::isDirectory).isEmpty()) {
            files().delete(wal);
            files().createDirectory(wal, directoryMode());
        }
    }

    private int directoryMode() {
        return files().status(target.dataDirectory()).map(FileStatus::mode).orElse(0700) & 0750;
    }

    private void link(String relative, String location) {
        String path = target.path(relative);
        Optional<FileStatus> status = files().status(path);
        if (status.flatMap(FileStatus::linkTarget).filter(location::equals).isPresent()) {
            return;
        }
        if (status.filter(FileStatus::isDirectory).isPresent()) {
            throw UnderstudyException.of(ErrorCode.VOLUME_NOT_CLONED, "\"%s\" is a directory, not a link", path)
                    .detail("It should lead to \"%s\".", location)
                    .hint("Move what is in it there, and remove it.")
                    .build();
        }
        files().delete(path);
        files().createSymbolicLink(path, location);
    }
}
