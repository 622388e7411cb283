package dev.understudy.benchmark;

import java.util.function.Supplier;

/** Both sides of a round. Who begins changes from round to round, so that neither always finds the warmer machine. */
public record Pair<T>(T peer, T ours) {
    public static <T> Pair<T> hold(int round, Supplier<T> peer, Supplier<T> ours) {
        if (round % 2 == 0) {
            T first = peer.get();
            return new Pair<>(first, ours.get());
        }
        T first = ours.get();
        return new Pair<>(peer.get(), first);
    }
}
