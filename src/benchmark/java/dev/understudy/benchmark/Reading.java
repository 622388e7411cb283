package dev.understudy.benchmark;

/**
 * What one round gave for one row.
 *
 * @param peer the peer's value in the row's unit
 * @param ours Understudy's
 * @param figure what is judged
 */
public record Reading(double peer, double ours, double figure) {
    public static Reading ratio(double peer, double ours) {
        return new Reading(peer, ours, ours / peer);
    }
}
