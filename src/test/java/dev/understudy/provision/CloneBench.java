package dev.understudy.provision;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.SmallFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A primary on a btrfs: data directory and tablespace in subvolumes of their own, to be snapshotted. */
final class CloneBench implements AutoCloseable {
    private final SmallFileSystem disk;
    private final EmbeddedPostgres primary;

    private CloneBench(SmallFileSystem disk, EmbeddedPostgres primary) {
        this.disk = disk;
        this.primary = primary;
    }

    static CloneBench start(ServerMajor major) {
        SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.BTRFS, 3000);
        try {
            subvolume(disk.mountPoint().resolve("data"));
            subvolume(disk.mountPoint().resolve("archive"));
            EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                    .withChecksums()
                    .inEmptyDirectory(disk.mountPoint().resolve("data"))
                    .start();
            return new CloneBench(disk, primary);
        } catch (RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private static void subvolume(Path path) {
        Account.run(List.of("btrfs", "subvolume", "create", path.toString()), Map.of());
        Account.give(path);
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    String data() {
        return disk.mountPoint().resolve("data").toString();
    }

    String archive() {
        return disk.mountPoint().resolve("archive").toString();
    }

    /** A directory on the disk for snapshots. */
    Path into(String name) {
        return disk.mountPoint().resolve(name);
    }

    /** Parameters of the clone playbooks, the snapshots of both subvolumes below one directory. */
    Map<String, String> parameters(Path into, String... more) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary",
                primary.conninfo(),
                "primary_host",
                "local",
                "data_directory",
                into + "/data",
                "tablespaces",
                archive() + "=" + into + "/archive",
                "volumes",
                data() + "," + archive(),
                "bin_directory",
                primary.binDirectory().toString(),
                "socket_directory",
                primary.socketDirectory().toString(),
                "slot",
                "of_" + into.getFileName()));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return parameters;
    }

    /** The snapshot of one of the two subvolumes, as a hook would take it, said first. */
    String take(String volume, Path into) {
        return "mkdir -p %1$s; printf '{\"made\": [{\"kind\": \"subvolume\", \"id\": \"%1$s/%2$s\"}]}'; "
                        .formatted(into, volume)
                + "btrfs subvolume snapshot %s/../%s %s/%s >&2; ".formatted(data(), volume, into, volume);
    }

    /** Removes what {@link #take} made. */
    static String cleanUp() {
        return "printf '%s\\n' \"$UNDERSTUDY_MADE\" | while read -r kind id; do"
                + " [ ! -d \"$id\" ] || btrfs subvolume delete \"$id\"; done";
    }

    /** Names of the entries below a directory; none if it is not there. */
    static List<String> entries(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var found = Files.list(directory)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        primary.close();
        disk.close();
    }
}
