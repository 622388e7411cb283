package dev.understudy.promotion.policy;

import java.time.Duration;
import java.util.List;

/** Thresholds of the checks whether the standby is whole, has everything, and of what is around it. */
public final class StandbyThresholds {
    public static final Threshold REPLAY_LAG =
            Threshold.size("replay_lag", "16MB", "How much WAL may wait to be replayed, or to be received.");

    public static final Threshold REPLAY_DELAY = Threshold.duration(
            "replay_delay",
            "10s",
            Duration.ofMillis(100),
            Duration.ofHours(1),
            "How long the standby may take to replay what the primary had written when the check began.");

    public static final Threshold LOSS = Threshold.size(
            "loss", "0B", "How much WAL with committed transactions may be lost where commits are synchronous.");

    public static final Threshold AMCHECK_TIME = Threshold.duration(
            "amcheck_time",
            "30min",
            Duration.ofSeconds(1),
            Duration.ofDays(7),
            "How long amcheck may take for one relation.");

    static final List<Threshold> ALL = List.of(REPLAY_LAG, REPLAY_DELAY, LOSS, AMCHECK_TIME);

    private StandbyThresholds() {}
}
