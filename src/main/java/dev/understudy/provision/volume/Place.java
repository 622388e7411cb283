package dev.understudy.provision.volume;

import java.util.List;

/**
 * A directory and the volume that holds it.
 *
 * @param what what it is of the cluster: {@code data directory}, {@code tablespace "archive"}
 * @param path as the server has it
 * @param realPath symbolic links resolved
 * @param mount the file system
 * @param inside where it is in the file system
 * @param subvolume for btrfs the subvolume that holds it, as a path in the file system; else {@code /}
 * @param devices the block devices of the file system, all of which it needs; empty for one without
 */
record Place(
        String what,
        String path,
        String realPath,
        Mount mount,
        String inside,
        String subvolume,
        List<BlockDevice> devices) {
    Place {
        devices = List.copyOf(devices);
    }

    /** Whether this directory, snapshotted with all that is below it on its own volume, has the other in it. */
    boolean contains(Place other) {
        boolean sameVolume = mount.source().equals(other.mount.source()) && subvolume.equals(other.subvolume);
        String prefix = inside.equals("/") ? "/" : inside + "/";
        return sameVolume && (other.inside.equals(inside) || other.inside.startsWith(prefix));
    }

    /** The volume for people. */
    String describeVolume() {
        if (mount.isBtrfs()) {
            return "btrfs subvolume \"%s\" of %s, mounted on \"%s\""
                    .formatted(subvolume, mount.source(), mount.target());
        }
        if (mount.isOnBlockDevice()) {
            return "%s on %s, mounted on \"%s\""
                    .formatted(
                            mount.type(),
                            String.join(
                                    " and ",
                                    devices.stream().map(BlockDevice::describe).toList()),
                            mount.target());
        }
        return "%s \"%s\", mounted on \"%s\"".formatted(mount.type(), mount.source(), mount.target());
    }

    /** The shortest name of the volume that the plan's {@code volumes} can have. */
    String volumeName() {
        return mount.isZfs() ? mount.source() : mount.target();
    }
}
