package dev.understudy.promotion.policy;

import java.util.List;
import java.util.stream.Stream;

/** All thresholds, by family. */
public final class Thresholds {
    private Thresholds() {}

    public static List<Threshold> all() {
        return Stream.of(StandbyThresholds.ALL, SettingsThresholds.ALL, SurroundingsThresholds.ALL)
                .flatMap(List::stream)
                .toList();
    }
}
