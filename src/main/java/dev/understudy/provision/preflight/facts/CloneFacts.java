package dev.understudy.provision.preflight.facts;

import dev.understudy.postgres.Known;
import dev.understudy.provision.guard.GuardState;
import dev.understudy.provision.volume.VolumeMap;

/**
 * What matters where somebody else makes the copy.
 *
 * @param volumes which volumes hold the source, compared with those that are snapshotted
 * @param guard whether the source's machine has the clone guard
 */
public record CloneFacts(Known<VolumeMap> volumes, Known<GuardState> guard) {
    /** Nothing is known, for one reason. */
    public static CloneFacts unknown(String reason) {
        return new CloneFacts(Known.unknown(reason), Known.unknown(reason));
    }
}
