package dev.understudy.provision.volume;

import java.util.ArrayList;
import java.util.List;

/**
 * A block device with what it rests on: a logical volume on its physical volumes, a partition on its disk.
 *
 * @param path its device file
 * @param type {@code disk}, {@code part}, {@code lvm}, {@code crypt}, {@code raid1}, {@code loop}
 * @param names what else it is called: kernel and mapper name, UUID, label, serial number
 * @param below what it rests on; empty for a disk
 */
record BlockDevice(String path, String type, List<String> names, List<BlockDevice> below) {
    BlockDevice {
        names = List.copyOf(names);
        below = List.copyOf(below);
    }

    /** Whether it, or all that it rests on, goes by one of these names. */
    boolean isCoveredBy(List<String> volumes) {
        return volumes.stream().anyMatch(this::isCalled)
                || !below.isEmpty() && below.stream().allMatch(device -> device.isCoveredBy(volumes));
    }

    private boolean isCalled(String volume) {
        return volume.equals(path)
                || names.contains(volume)
                || names.stream().anyMatch(name -> isSameSerial(name, volume))
                || path.equals("/dev/mapper/" + volume.replace("-", "--").replace("/", "-"));
    }

    /** EBS: {@code vol-0a1b} is the NVMe serial number {@code vol0a1b}. */
    private static boolean isSameSerial(String name, String volume) {
        return volume.startsWith("vol-") && name.equals(volume.replace("-", ""));
    }

    /** {@code /dev/mapper/vg-pg (lvm) on /dev/sdb (disk)}. */
    String describe() {
        List<String> lower = new ArrayList<>();
        below.forEach(device -> lower.add(device.describe()));
        return path + " (" + type + ")" + (lower.isEmpty() ? "" : " on " + String.join(" and ", lower));
    }
}
