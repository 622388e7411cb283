package dev.understudy.provision.volume;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Draws the volume map of a machine, by {@code findmnt} and {@code lsblk} (util-linux 2.33 or newer), which know device
 * mapper, bind mounts, subvolumes, data sets and network file systems; neither needs root. Changes nothing.
 */
public final class VolumeGatherer {
    private static final Command MOUNTS =
            Command.of("findmnt", "--json", "--list", "--output", "TARGET,SOURCE,FSTYPE,FSROOT");
    private static final Command DEVICES =
            Command.of("lsblk", "--json", "--inverse", "--output", "PATH,NAME,KNAME,TYPE,UUID,LABEL,SERIAL");

    /** Each btrfs file system in a line: the kernel names of its devices, of which any may be the mount's source. */
    private static final String BTRFS = """
            for f in /sys/fs/btrfs/*-*; do
                [ -d "$f/devices" ] || continue
                for d in "$f"/devices/*; do printf '%s ' "/dev/${d##*/}"; done
                echo
            done
            """;

    /**
     * Two NUL-ended texts: the real path, and the nearest directory above it, or itself, that is the root of a btrfs
     * subvolume, which is to say has inode 256.
     */
    private static final String REAL_PATHS = """
            r=$(readlink -e -- "$1" 2>/dev/null) || r=
            s=$r
            while [ -n "$s" ] && [ "$s" != / ] && [ "$(stat -c %i -- "$s" 2>/dev/null)" != 256 ]; do
                s=${s%/*}
                [ -n "$s" ] || s=/
            done
            printf '%s\\0%s\\0' "$r" "$s"
            """;

    /** Roots of btrfs subvolumes within a directory; a snapshot of the outer one has empty directories in their place. */
    private static final String NESTED =
            "find \"$1\" -mindepth 1 -maxdepth 3 -type d -inum 256 -print0 2>/dev/null || true";

    private final Host host;
    private final MountTable mounts;
    private final BlockDevices devices;
    private final List<List<String>> btrfs;

    /**
     * What a path leads to.
     *
     * @param path as it was asked for
     * @param realPath symbolic links resolved; empty if it cannot be looked at
     * @param subvolumeRoot the nearest directory above with inode 256
     */
    private record Looked(String path, String realPath, String subvolumeRoot) {
        boolean isDevice() {
            return realPath.startsWith("/dev/");
        }
    }

    private VolumeGatherer(Host host) {
        this.host = host;
        this.mounts = MountTable.parse(print(MOUNTS));
        this.devices = BlockDevices.parse(print(DEVICES));
        this.btrfs = print(Command.shell(BTRFS))
                .lines()
                .map(line -> List.of(line.strip().split(" ")))
                .toList();
    }

    /**
     * Draws the map.
     *
     * @param host the source's machine
     * @param volumes what the plan says is snapshotted
     * @throws UnderstudyException {@link ErrorCode#VOLUMES_UNREADABLE} where it cannot be drawn
     */
    public static VolumeMap gather(Host host, ClusterPaths paths, List<String> volumes) {
        return new VolumeGatherer(host).draw(paths, volumes);
    }

    private VolumeMap draw(ClusterPaths paths, List<String> volumes) {
        List<Place> places = new ArrayList<>();
        for (Map.Entry<String, String> needed : paths.needed().entrySet()) {
            Place place = place(needed.getKey(), look(needed.getValue()));
            places.add(place);
            places.addAll(inside(place));
        }
        List<Place> configuration = new ArrayList<>();
        for (Map.Entry<String, String> file : new TreeMap<>(paths.configuration()).entrySet()) {
            configuration.add(place(file.getKey(), look(file.getValue())));
        }
        Map<String, Place> named = new LinkedHashMap<>();
        Set<String> known = new LinkedHashSet<>(volumes);
        for (String volume : volumes) {
            if (volume.startsWith("/")) {
                Looked looked = look(volume);
                if (looked.isDevice()) {
                    known.add(looked.realPath());
                } else if (!looked.realPath().isEmpty()) {
                    named.put(volume, place("volume", looked));
                }
            }
        }
        return new VolumeMap(places, configuration, named, List.copyOf(known));
    }

    /** What is mounted inside of a directory, and btrfs subvolumes there: a snapshot of the directory lacks them. */
    private List<Place> inside(Place place) {
        Set<String> paths = new TreeSet<>();
        mounts.below(place.realPath()).forEach(mount -> paths.add(mount.target()));
        if (place.mount().isBtrfs()) {
            paths.addAll(split(print(Command.shell(NESTED, place.realPath()))));
        }
        return paths.stream()
                .map(path -> place("volume inside of the " + place.what(), look(path)))
                .toList();
    }

    private Place place(String what, Looked looked) {
        Mount mount = mounts.find(looked.realPath())
                .filter(found -> !looked.realPath().isEmpty())
                .orElseThrow(() -> unreadable("\"%s\", the %s, cannot be looked at by account \"%s\""
                                .formatted(looked.path(), what, host.account().name()))
                        .build());
        String inside = mount.inside(looked.realPath());
        String root = looked.subvolumeRoot();
        boolean within = mount.isBtrfs() && mount.holds(root);
        return new Place(
                what,
                looked.path(),
                looked.realPath(),
                mount,
                inside,
                within ? mount.inside(root) : mount.isBtrfs() ? mount.root() : "/",
                devices(mount));
    }

    private List<BlockDevice> devices(Mount mount) {
        if (!mount.isOnBlockDevice()) {
            return List.of();
        }
        Optional<List<String>> several = btrfs.stream()
                .filter(line -> mount.isBtrfs() && line.contains(mount.source()))
                .findFirst();
        return several.orElse(List.of(mount.source())).stream()
                .map(devices::get)
                .toList();
    }

    private Looked look(String path) {
        List<String> fields = split(print(Command.shell(REAL_PATHS, path)));
        return new Looked(path, fields.get(0), fields.get(1));
    }

    private static List<String> split(String text) {
        List<String> fields = Arrays.asList(text.split("\0", -1));
        return fields.subList(0, fields.size() - 1);
    }

    private String print(Command command) {
        CommandResult result = host.run(command);
        if (!result.succeeded()) {
            throw unreadable("%s ended with status %d"
                            .formatted(command.arguments().get(0), result.status()))
                    .detail("%s", result.error().strip())
                    .hint("It takes findmnt and lsblk of util-linux 2.33 or newer.")
                    .build();
        }
        return new String(result.output(), StandardCharsets.UTF_8);
    }

    private UnderstudyException.Builder unreadable(String what) {
        return UnderstudyException.of(
                ErrorCode.VOLUMES_UNREADABLE, "could not map the volumes of host \"%s\": %s", host.name(), what);
    }
}
