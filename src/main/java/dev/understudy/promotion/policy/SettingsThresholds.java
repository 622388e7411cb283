package dev.understudy.promotion.policy;

import java.util.List;

/** Thresholds of the checks of settings, connections and the archive. */
public final class SettingsThresholds {
    static final List<Threshold> ALL = List.of();

    private SettingsThresholds() {}
}
