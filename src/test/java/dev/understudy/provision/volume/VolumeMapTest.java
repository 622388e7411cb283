package dev.understudy.provision.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What findmnt and lsblk printed on machines of several kinds, and what follows from it. */
final class VolumeMapTest {
    /** A logical volume over two disks, a partition, and a disk of EBS. */
    private static final BlockDevices DEVICES = BlockDevices.parse("""
            {"blockdevices": [
               {"path": "/dev/mapper/vg0-pg--data", "name": "vg0-pg--data", "kname": "dm-0", "type": "lvm",
                "uuid": "7c1e-aa", "label": "pgdata", "serial": null, "children": [
                  {"path": "/dev/sdb", "name": "sdb", "kname": "sdb", "type": "disk", "uuid": null, "label": null},
                  {"path": "/dev/sdc1", "name": "sdc1", "kname": "sdc1", "type": "part", "uuid": null, "children": [
                     {"path": "/dev/sdc", "name": "sdc", "kname": "sdc", "type": "disk"}]}]},
               {"path": "/dev/sda1", "name": "sda1", "kname": "sda1", "type": "part", "uuid": "root", "children": [
                  {"path": "/dev/sda", "name": "sda", "kname": "sda", "type": "disk"}]},
               {"path": "/dev/nvme1n1", "name": "nvme1n1", "kname": "nvme1n1", "type": "disk", "uuid": "ebs",
                "label": null, "serial": "vol0a1b2c"}]}
            """);

    private static final MountTable MOUNTS = MountTable.parse("""
            {"filesystems": [
               {"target": "/", "source": "/dev/sda1", "fstype": "ext4", "fsroot": "/"},
               {"target": "/proc", "source": "proc", "fstype": "proc", "fsroot": "/"},
               {"target": "/var/lib/postgresql", "source": "/dev/mapper/vg0-pg--data", "fstype": "xfs", "fsroot": "/"},
               {"target": "/srv/ts", "source": "/dev/nvme1n1", "fstype": "ext4", "fsroot": "/"},
               {"target": "/bind", "source": "/dev/nvme1n1[/inner]", "fstype": "ext4", "fsroot": "/inner"},
               {"target": "/nfs", "source": "filer:/export/pg", "fstype": "nfs4", "fsroot": "/"},
               {"target": "/tank/pg", "source": "tank/pg", "fstype": "zfs", "fsroot": "/"},
               {"target": "/shm", "source": "tmpfs", "fstype": "tmpfs", "fsroot": "/"},
               {"target": "/b", "source": "/dev/sdd[/@]", "fstype": "btrfs", "fsroot": "/@"}]}
            """);

    private static Place place(String what, String path) {
        return place(what, path, "/");
    }

    private static Place place(String what, String path, String subvolume) {
        Mount mount = MOUNTS.find(path).orElseThrow();
        List<BlockDevice> devices = mount.isOnBlockDevice() ? List.of(DEVICES.get(mount.source())) : List.of();
        return new Place(what, path, path, mount, mount.inside(path), subvolume, devices);
    }

    private static final Place DATA = place("data directory", "/var/lib/postgresql/15/main");
    private static final Place TABLESPACE = place("tablespace \"a\"", "/srv/ts/a");

    private static VolumeMap map(List<Place> places, String... volumes) {
        Map<String, Place> named = new java.util.HashMap<>();
        for (String volume : volumes) {
            if (volume.startsWith("/") && !volume.startsWith("/dev/")) {
                named.put(volume, place("volume", volume));
            }
        }
        return new VolumeMap(places, List.of(), named, List.of(volumes));
    }

    private static boolean covered(Place place, String... volumes) {
        return map(List.of(place), volumes).leftOut().isEmpty();
    }

    @Test
    void theDeepestMountHoldsAPath() {
        assertThat(MOUNTS.find("/var/lib/postgresql/15").map(Mount::source)).contains("/dev/mapper/vg0-pg--data");
        assertThat(MOUNTS.find("/var/lib/postgresqlx").map(Mount::source)).contains("/dev/sda1");
        assertThat(MOUNTS.find("/srv/ts").map(Mount::source)).contains("/dev/nvme1n1");
    }

    @Test
    void aBindMountIsADirectoryOfItsFileSystem() {
        Mount bind = MOUNTS.find("/bind/a").orElseThrow();

        assertThat(bind.source()).isEqualTo("/dev/nvme1n1");
        assertThat(bind.inside("/bind/a")).isEqualTo("/inner/a");
        assertThat(covered(place("tablespace", "/bind/a"), "/srv/ts")).isTrue();
        assertThat(covered(place("tablespace", "/bind/a"), "/srv/ts/other")).isFalse();
        assertThat(covered(place("tablespace", "/srv/ts/x"), "/bind")).isFalse();
    }

    @Test
    void aVolumeIsKnownByMountPointDirectoryDeviceNameAndSerialNumber() {
        assertThat(covered(DATA, "/var/lib/postgresql")).isTrue();
        assertThat(covered(DATA, "/var/lib/postgresql/15")).isTrue();
        assertThat(covered(DATA, "/var/lib/postgresql/14")).isFalse();
        assertThat(covered(DATA, "/dev/mapper/vg0-pg--data")).isTrue();
        assertThat(covered(DATA, "vg0/pg-data")).isTrue();
        assertThat(covered(DATA, "pgdata")).isTrue();
        assertThat(covered(DATA, "7c1e-aa")).isTrue();
        assertThat(covered(TABLESPACE, "vol-0a1b2c")).isTrue();
        assertThat(covered(TABLESPACE, "vol-ffff")).isFalse();
    }

    @Test
    void aLogicalVolumeTakesAllOfItsDisks() {
        assertThat(covered(DATA, "/dev/sdb", "/dev/sdc")).isTrue();
        assertThat(covered(DATA, "/dev/sdb", "/dev/sdc1")).isTrue();
        assertThat(covered(DATA, "/dev/sdb")).isFalse();
        assertThat(covered(DATA, "/dev/sda", "/dev/sdc")).isFalse();
    }

    @Test
    void everyDiskOfTheMachineHoldsNeitherNetworkFileSystemsNorMemory() {
        assertThat(covered(DATA, "all")).isTrue();
        assertThat(covered(place("tablespace", "/tank/pg/a"), "all")).isTrue();
        assertThat(covered(place("tablespace", "/nfs/a"), "all")).isFalse();
        assertThat(covered(place("tablespace", "/nfs/a"), "all", "/nfs")).isTrue();
        assertThat(covered(place("tablespace", "/nfs/a"), "all", "filer:/export/pg"))
                .isTrue();
        assertThat(covered(place("tablespace", "/shm/a"), "all")).isFalse();
    }

    @Test
    void aDataSetIsKnownByItsNameAndNoOther() {
        assertThat(covered(place("tablespace", "/tank/pg/a"), "tank/pg")).isTrue();
        assertThat(covered(place("tablespace", "/tank/pg/a"), "tank")).isFalse();
        assertThat(covered(place("tablespace", "/tank/pg/a"), "/tank/pg")).isTrue();
    }

    @Test
    void aSubvolumeInsideOfAnotherIsAVolumeOfItsOwn() {
        Place inner = place("tablespace", "/b/inner/ts", "/@/inner");
        Place outer = new Place("volume", "/b", "/b", inner.mount(), "/@", "/@", List.of());
        Place itself = new Place("volume", "/b/inner", "/b/inner", inner.mount(), "/@/inner", "/@/inner", List.of());

        assertThat(outer.contains(inner)).isFalse();
        assertThat(itself.contains(inner)).isTrue();
    }

    @Test
    void whatIsLeftOutIsNamedWithItsVolume() {
        VolumeMap map = map(List.of(DATA, TABLESPACE), "/var/lib/postgresql");

        assertThat(map.leftOut())
                .containsExactly("tablespace \"a\" \"/srv/ts/a\": ext4 on /dev/nvme1n1 (disk), mounted on \"/srv/ts\"");
        assertThat(map.needed()).containsExactly("/var/lib/postgresql", "/srv/ts");
        assertThat(map.describe().get(0))
                .isEqualTo("data directory \"/var/lib/postgresql/15/main\": xfs on /dev/mapper/vg0-pg--data (lvm)"
                        + " on /dev/sdb (disk) and /dev/sdc1 (part) on /dev/sdc (disk), mounted on"
                        + " \"/var/lib/postgresql\"");
    }

    @Test
    void theVolumeWithPgControlIsTheDataDirectorys() {
        VolumeMap map = map(List.of(DATA, TABLESPACE), "vol-0a1b2c", "/var/lib/postgresql");

        assertThat(map.volumeOfControlFile(List.of("vol-0a1b2c", "/var/lib/postgresql")))
                .isEqualTo(Optional.of("/var/lib/postgresql"));
    }
}
