package dev.understudy.provision.clone;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the plan says of a snapshot besides its hook.
 *
 * @param volumes what is snapshotted: mount points, directories, devices, data sets; empty if the plan does not say
 * @param parallel how many hooks run at the same time, each for one volume; empty for one hook for all
 */
public record SnapshotOptions(List<String> volumes, OptionalInt parallel) {
    public SnapshotOptions {
        volumes = List.copyOf(volumes);
    }
}
