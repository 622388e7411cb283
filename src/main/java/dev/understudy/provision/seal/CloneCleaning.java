package dev.understudy.provision.seal;

import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.transfer.files.TargetLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes out of a clone what belongs to its source alone. What a base backup would not have brought along is removed: slots,
 * statistics, temporary files, the running server's own notes. What a person may have written is set aside in the clone:
 * signal files, recovery settings, labels and manifests of older backups. What a server removes itself as it starts is left
 * to it: temporary and unlogged relations' files, caches.
 *
 * <p>Only places known by name are looked at, so the work does not grow with the database.
 */
final class CloneCleaning {
    /** Inside the clone: its parent may be another file system, or nobody's. */
    static final String ASIDE = "understudy-set-aside";

    private static final int FILE_LIMIT = 4 << 20;

    private static final List<String> REMOVED = List.of(
            "postmaster.pid",
            "postmaster.opts",
            "current_logfiles",
            "current_logfiles.tmp",
            "postgresql.auto.conf.tmp");

    private static final List<String> SET_ASIDE = List.of(
            "backup_label",
            "backup_label.old",
            "backup_manifest",
            "recovery.conf",
            "recovery.done",
            "recovery.signal",
            "standby.signal",
            "tablespace_map",
            "tablespace_map.old");

    private final TargetSite target;
    private final CopyRules rules;

    CloneCleaning(TargetSite target, CopyRules rules) {
        this.target = target;
        this.rules = rules;
    }

    private HostFiles files() {
        return target.host().files();
    }

    /** Does it, and says what was done. */
    List<String> clean(TargetLayout layout) {
        List<String> done = new ArrayList<>();
        slots().ifPresent(done::add);
        for (String name : REMOVED) {
            if (files().status(target.path(name)).isPresent()) {
                files().delete(target.path(name));
                done.add("removed " + name);
            }
        }
        rules.emptiedDirectories().stream().sorted().forEach(this::empty);
        empty("pg_stat");
        temporaries(layout).forEach(files()::deleteRecursively);
        for (String name : SET_ASIDE) {
            setAside(name).ifPresent(done::add);
        }
        return done;
    }

    private Optional<String> slots() {
        List<String> names =
                entries("pg_replslot").stream().map(FileStatus::path).toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("removed the source's replication slots from the clone: " + String.join(", ", names));
    }

    private List<FileStatus> entries(String directory) {
        String path = target.path(directory);
        return files().status(path).filter(FileStatus::isDirectory).isPresent() ? files().list(path) : List.of();
    }

    private void empty(String directory) {
        entries(directory).forEach(entry -> files().deleteRecursively(target.path(directory + "/" + entry.path())));
    }

    /** Directories of sort and hash files: one a tablespace. */
    private List<String> temporaries(TargetLayout layout) {
        List<String> directories = new ArrayList<>(List.of(target.path("base/pgsql_tmp")));
        layout.tablespaces()
                .values()
                .forEach(location ->
                        directories.add(location + "/" + rules.tablespaceVersionDirectory() + "/pgsql_tmp"));
        return directories;
    }

    /**
     * A file as it was cloned. A copy of it is kept aside before it is changed for the first time, so that sealing again
     * by other orders begins with the same.
     *
     * @return empty if the clone had none
     */
    byte[] originalOf(String name) {
        String kept = target.path(ASIDE) + "/" + name;
        if (files().status(kept).isEmpty()) {
            byte[] contents = new TargetDirectory(target).find(name).orElse(new byte[0]);
            makeAside();
            files().writeAtomically(kept, contents, 0600);
        }
        return files().read(kept, FILE_LIMIT);
    }

    private void makeAside() {
        String aside = target.path(ASIDE);
        if (files().status(aside).isEmpty()) {
            files().createDirectory(aside, 0700);
        }
    }

    /** A second attempt finds what the first one wrote itself, under a name that is set aside already: that goes. */
    private Optional<String> setAside(String name) {
        String path = target.path(name);
        if (files().status(path).isEmpty()) {
            return Optional.empty();
        }
        makeAside();
        String aside = target.path(ASIDE);
        if (files().status(aside + "/" + name).isPresent()) {
            files().delete(path);
            return Optional.empty();
        }
        files().rename(path, aside + "/" + name);
        return Optional.of("set aside the source's " + name + " in " + ASIDE);
    }
}
