package dev.understudy.provision.copy;

import dev.understudy.provision.route.Route;

/**
 * How the plan wants the data directory copied.
 *
 * @param route the way of the bytes; {@code auto} chooses
 * @param workers how many work at once
 * @param bytesPerSecond upper limit over all workers; 0 without one
 * @param ontoExisting whether the target is a stopped standby's directory that is compared and kept where it is right
 * @param keepOld how much of such a directory is kept for abort
 * @param receivesWal whether something writes WAL into the target meanwhile
 */
public record CopyOptions(
        Route route, int workers, long bytesPerSecond, boolean ontoExisting, KeepOld keepOld, boolean receivesWal) {}
