package dev.understudy.provision.preflight.check.clone;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.route.Route;
import dev.understudy.provision.volume.VolumeMap;
import java.util.List;

/** A check that every volume with a part of the cluster on it is among those that are snapshotted. */
@CheckInfo(id = "volumes", summary = "Every volume that holds a part of the cluster is snapshotted")
public final class VolumesCheck implements PreflightCheck {
    private static final String SOURCE = "findmnt and lsblk of the source's machine";

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().route() != Route.COMMAND) {
            return skipped("the plan does not leave the copy to somebody else");
        }
        return facts.cloning().volumes().match(map -> judge(facts, map), this::unknown);
    }

    private PreflightResult unknown(String reason) {
        return warn("whether the snapshots hold all of the cluster cannot be told: %s", reason)
                .hint("Give primary_host, and have findmnt and lsblk of util-linux 2.33 or newer there.");
    }

    private PreflightResult judge(PreflightFacts facts, VolumeMap map) {
        PreflightResult result = verdict(facts.intent().volumes(), map);
        for (String place : map.describe()) {
            result = result.seen(place, SOURCE);
        }
        return result;
    }

    private PreflightResult verdict(List<String> volumes, VolumeMap map) {
        if (volumes.isEmpty()) {
            return warn(
                            "the plan does not say which volumes are snapshotted; the cluster is on %s",
                            quoted(map.needed()))
                    .hint(
                            "Give volumes=%s, or volumes=all if every disk of the machine is cloned.",
                            String.join(",", map.needed()));
        }
        if (!map.leftOut().isEmpty()) {
            return fail(
                            "a volume is left out of the snapshots: %s",
                            map.leftOut().get(0))
                    .hint("Snapshot it too, and add it to volumes: %s.", String.join(",", map.needed()));
        }
        if (!map.configurationLeftOut().isEmpty()) {
            return warn(
                            "configuration is on no volume that is snapshotted: %s",
                            map.configurationLeftOut().get(0))
                    .hint("The standby's machine needs its own there.");
        }
        return pass(
                "every part of the cluster is on a volume that is snapshotted; they need not be taken at one moment");
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
    }
}
