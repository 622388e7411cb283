package dev.understudy.benchmark;

/**
 * What one round gave for one row.
 *
 * @param peer the peer's value in the row's unit
 * @param ours Understudy's
 * @param figure what is judged
 * @param memory the most memory that Understudy's process had at a time, in MB (1,000,000 bytes)
 */
public record Reading(double peer, double ours, double figure, double memory) {
    /** Seconds against a peer's seconds. */
    public static Reading ratio(double peer, Program.Ran ours) {
        return new Reading(peer, ours.seconds(), ours.seconds() / peer, ours.peakMegabytes());
    }

    /** Both sides of a pair. */
    public static Reading ratio(Pair<Program.Ran> pair) {
        return ratio(pair.peer().seconds(), pair.ours());
    }
}
