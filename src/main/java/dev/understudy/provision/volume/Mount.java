package dev.understudy.provision.volume;

import java.util.Set;

/**
 * A mounted file system, as {@code findmnt} prints it.
 *
 * @param target where it is mounted, absolute
 * @param source device, data set or {@code server:/export}, without the directory that a bind mount or a subvolume adds
 * @param type {@code ext4}, {@code btrfs}, {@code zfs}, {@code nfs4}
 * @param root the directory of the file system that is mounted there; not {@code /} for bind mounts and subvolumes
 */
record Mount(String target, String source, String type, String root) {
    private static final Set<String> IN_MEMORY = Set.of("overlay", "ramfs", "tmpfs");

    boolean isBtrfs() {
        return type.equals("btrfs");
    }

    boolean isZfs() {
        return type.equals("zfs");
    }

    boolean isOnBlockDevice() {
        return source.startsWith("/dev/");
    }

    /** Memory, or a container's layers: no disk that anybody could snapshot. */
    boolean isInMemory() {
        return IN_MEMORY.contains(type);
    }

    boolean isNetwork() {
        return !isOnBlockDevice() && !isZfs() && !isInMemory();
    }

    /** Whether a path, symbolic links resolved, lies at or below the mount point. */
    boolean holds(String path) {
        return path.equals(target) || path.startsWith(target.endsWith("/") ? target : target + "/");
    }

    /** Where a path that it holds is within the file system. */
    String inside(String path) {
        String rest = target.equals("/") ? path : path.substring(target.length());
        String joined = (root.equals("/") ? "" : root) + (rest.equals("/") ? "" : rest);
        return joined.isEmpty() ? "/" : joined;
    }
}
