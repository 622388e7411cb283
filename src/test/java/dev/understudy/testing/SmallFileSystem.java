package dev.understudy.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * A file system of its own with a size of its own, mounted under the temporary directory: for a disk that fills up, a
 * disk that turns read-only, a directory on another device. Needs root; the servers' account owns its top directory.
 * Unmounted and removed by {@link #close}, and when the JVM ends.
 */
public final class SmallFileSystem implements AutoCloseable {
    private final Path root;
    private final Thread removeAtExit = new Thread(this::removeQuietly, "unmount-small-file-system");

    private SmallFileSystem(Path root) {
        this.root = root;
    }

    /** What kind it is. */
    public enum Type {
        /** In memory: quickest, and full means full at once. */
        TMPFS("mount"),
        /** A loop-mounted image without journal and without blocks kept for root. */
        EXT4("mkfs.ext4"),
        /** A loop-mounted image that can share blocks between files (reflink); at least 300 MiB. */
        XFS("mkfs.xfs"),
        /** A loop-mounted image with subvolumes that can be snapshotted; at least 256 MiB. */
        BTRFS("mkfs.btrfs");

        private final String program;

        Type(String program) {
            this.program = program;
        }
    }

    /**
     * Makes and mounts one; skips the test without root or the type's program.
     *
     * @param mebibytes its size in MiB, the file system's own structures included
     */
    public static SmallFileSystem of(Type type, int mebibytes) {
        Required.part("root", Account.isRoot(), "only root mounts file systems");
        Required.part(
                "root",
                Files.isExecutable(Path.of("/usr/sbin", type.program))
                        || Files.isExecutable(Path.of("/usr/bin", type.program)),
                "there is no " + type.program + " (Debian: btrfs-progs, e2fsprogs, xfsprogs)");
        try {
            SmallFileSystem made = new SmallFileSystem(Files.createTempDirectory("us-fs"));
            Runtime.getRuntime().addShutdownHook(made.removeAtExit);
            made.mount(type, mebibytes);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory it is mounted on; any account can reach it. */
    public Path mountPoint() {
        return root.resolve("mnt");
    }

    /** Bytes that can still be written. */
    public long usableBytes() {
        try {
            return Files.getFileStore(mountPoint()).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fills it with one file until only so much is left; deleting that file makes room again.
     *
     * @param leftBytes what stays free, in bytes, give or take a few blocks; 0 fills it to the brim
     * @return the file
     */
    public Path fill(long leftBytes) {
        Path ballast = mountPoint().resolve("ballast");
        byte[] chunk = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (usableBytes() > leftBytes) {
                out.write(chunk, 0, (int) Math.min(chunk.length, usableBytes() - leftBytes));
            }
        } catch (IOException e) {
            // What is left may be less than it says: then it is full before the count is.
            if (leftBytes > 0 || usableBytes() > chunk.length) {
                throw new UncheckedIOException(e);
            }
        }
        return ballast;
    }

    /** Turns it read-only, as a kernel does after an error of the disk; nobody may have a file open for writing. */
    public void makeReadOnly() {
        command("mount", "-o", "remount,ro", mountPoint().toString());
    }

    public void makeWritable() {
        command("mount", "-o", "remount,rw", mountPoint().toString());
    }

    /** Unmounts and removes it, even while somebody still has a file open there. */
    @Override
    public void close() {
        removeQuietly();
        Runtime.getRuntime().removeShutdownHook(removeAtExit);
    }

    private void mount(Type type, int mebibytes) throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(mountPoint());
        String point = mountPoint().toString();
        String image = root.resolve("image").toString();
        if (type == Type.TMPFS) {
            command("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=0755", "tmpfs", point);
        } else {
            command("truncate", "-s", mebibytes + "M", image);
            if (type == Type.EXT4) {
                command("mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image);
            } else {
                command(type.program, "-q", image);
            }
            command("mount", "-o", "loop", image, point);
        }
        Account.give(mountPoint());
    }

    private void removeQuietly() {
        try {
            if (Files.isDirectory(mountPoint())) {
                if (!Files.getFileStore(mountPoint()).equals(Files.getFileStore(root))) {
                    command("umount", "--lazy", mountPoint().toString());
                }
                Files.delete(mountPoint());
            }
            EmbeddedBinaries.deleteTree(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void command(String... line) {
        Account.run(List.of(line), Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    }
}
