package dev.understudy.provision.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts of a database cluster lie, and whether the volumes that a plan names hold all of them.
 *
 * @param places what has to be in the snapshots, the data directory first
 * @param configuration directories with configuration outside of the data directory
 * @param named what the plan calls volumes, by name, where it is a directory
 * @param volumes what the plan calls volumes: mount points, directories, devices, data sets, serial numbers; symbolic
 *     links of devices resolved
 */
public record VolumeMap(List<Place> places, List<Place> configuration, Map<String, Place> named, List<String> volumes) {
    /** Stands for every disk of the machine, as in a machine image. */
    public static final String ALL = "all";

    public VolumeMap {
        places = List.copyOf(places);
        configuration = List.copyOf(configuration);
        named = Map.copyOf(named);
        volumes = List.copyOf(volumes);
    }

    /** What of the cluster is on no volume that the plan names, a sentence each. */
    public List<String> leftOut() {
        return describe(places.stream().filter(place -> !isCovered(place)).toList());
    }

    /** The same of its configuration. */
    public List<String> configurationLeftOut() {
        return describe(
                configuration.stream().filter(place -> !isCovered(place)).toList());
    }

    /** Everything with its volume, a sentence each. */
    public List<String> describe() {
        List<Place> all = new ArrayList<>(places);
        all.addAll(configuration);
        return describe(all);
    }

    /** Names of all volumes that hold a part of the cluster, for the plan's {@code volumes}. */
    public List<String> needed() {
        return places.stream().map(Place::volumeName).distinct().toList();
    }

    /** Which of the plan's volumes holds the data directory, and so pg_control. */
    public Optional<String> volumeOfControlFile(List<String> asGiven) {
        Place data = places.get(0);
        return asGiven.stream().filter(volume -> isCoveredBy(data, volume)).findFirst();
    }

    private boolean isCovered(Place place) {
        if (volumes.contains(ALL)
                && !place.mount().isNetwork()
                && !place.mount().isInMemory()) {
            return true;
        }
        return volumes.stream().anyMatch(volume -> isCoveredBy(place, volume))
                || !place.devices().isEmpty()
                        && place.devices().stream().allMatch(device -> device.isCoveredBy(volumes));
    }

    private boolean isCoveredBy(Place place, String volume) {
        Place directory = named.get(volume);
        return directory != null
                ? directory.contains(place)
                : volume.equals(place.mount().source())
                        || !place.devices().isEmpty()
                                && place.devices().stream().allMatch(device -> device.isCoveredBy(List.of(volume)));
    }

    private static List<String> describe(List<Place> places) {
        return places.stream()
                .map(place -> "%s \"%s\": %s".formatted(place.what(), place.path(), place.describeVolume()))
                .toList();
    }
}
