package dev.understudy.provision.preflight.request;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is going to be done, without the live things it is done with.
 *
 * @param target where the standby is to be
 * @param route how the files come over
 * @param walWay how the WAL of the copy comes over
 * @param slot name of the slot that the standby streams from; empty for none
 * @param restoreCommand how the standby fetches WAL from an archive; empty for not at all
 * @param workers sessions that copy at the same time, from 1
 * @param bytesPerSecond limit on the copy's rate; empty for none
 * @param settings what the plan sets on the standby, by name
 * @param volumes what the plan says is snapshotted, where somebody else makes the copy
 */
public record Intent(
        Target target,
        Route route,
        WalWay walWay,
        Optional<String> slot,
        Optional<String> restoreCommand,
        int workers,
        Optional<Long> bytesPerSecond,
        Map<String, String> settings,
        List<String> volumes) {
    public Intent {
        settings = Map.copyOf(settings);
        volumes = List.copyOf(volumes);
        if (workers < 1 || bytesPerSecond.filter(rate -> rate < 1).isPresent()) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID,
                            "%d workers at %s bytes a second cannot copy anything",
                            workers,
                            bytesPerSecond.map(String::valueOf).orElse("any number of"))
                    .build();
        }
    }

    /** By any route, four workers, a slot. */
    public static Intent of(Target target, String slot) {
        return new Intent(
                target,
                Route.AUTO,
                WalWay.SLOT,
                Optional.of(slot),
                Optional.empty(),
                4,
                Optional.empty(),
                Map.of(),
                List.of());
    }

    public Intent withTarget(Target other) {
        return new Intent(other, route, walWay, slot, restoreCommand, workers, bytesPerSecond, settings, volumes);
    }

    public Intent withRoute(Route other) {
        return new Intent(target, other, walWay, slot, restoreCommand, workers, bytesPerSecond, settings, volumes);
    }

    /** The same with WAL received into the copy. */
    public Intent withWalStream() {
        return new Intent(
                target, route, WalWay.STREAM, slot, restoreCommand, workers, bytesPerSecond, settings, volumes);
    }

    /** The same with WAL from an archive and no slot. */
    public Intent withWalArchive(String command) {
        return new Intent(
                target,
                route,
                WalWay.ARCHIVE,
                Optional.empty(),
                Optional.of(command),
                workers,
                bytesPerSecond,
                settings,
                volumes);
    }

    public Intent withSlot(Optional<String> name) {
        return new Intent(target, route, walWay, name, restoreCommand, workers, bytesPerSecond, settings, volumes);
    }

    /** The same by somebody else's copy of these volumes. */
    public Intent withVolumes(List<String> names) {
        return new Intent(
                target, Route.COMMAND, walWay, slot, restoreCommand, workers, bytesPerSecond, settings, names);
    }

    public Intent withSettings(Map<String, String> values) {
        return new Intent(target, route, walWay, slot, restoreCommand, workers, bytesPerSecond, values, volumes);
    }

    /** Whether only REPLICATION can be asked of the role. */
    public boolean basebackupOnly() {
        return route == Route.BASEBACKUP;
    }

    /** WAL senders that the run and the standby use at the same time. */
    public int walSendersNeeded() {
        int streaming = walWay == WalWay.STREAM ? 1 : 0;
        return route == Route.BASEBACKUP ? 2 : Math.max(1, streaming);
    }
}
