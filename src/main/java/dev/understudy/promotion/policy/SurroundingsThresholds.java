package dev.understudy.promotion.policy;

import java.time.Duration;
import java.util.List;

/** Thresholds of the checks of host, contents and service. */
public final class SurroundingsThresholds {
    public static final Threshold WAL_RETENTION = Threshold.duration(
            "wal_retention",
            "1h",
            Duration.ZERO,
            Duration.ofDays(365),
            "How long there must be room to keep WAL for a standby or an archiver that is away.");

    public static final Threshold DISK_FREE = Threshold.percent(
            "disk_free", 10, "How much of each file system must be free, in percent, else the check warns.");

    public static final Threshold DISK_FREE_LEAST = Threshold.size(
            "disk_free_least", "100MB", "How much of each file system must be free, else the check fails.");

    public static final Threshold RESOURCES = Threshold.percent(
            "resources",
            90,
            "How much of the primary's memory and processors the standby's machine must have, in percent.");

    public static final Threshold SHARED_BUFFERS =
            Threshold.percent("shared_buffers", 50, "How much of the memory shared_buffers may take, in percent.");

    public static final Threshold CLOCK_DIFFERENCE = Threshold.duration(
            "clock_difference",
            "1s",
            Duration.ofMillis(1),
            Duration.ofDays(1),
            "How far the clocks may be apart, else the check warns.");

    public static final Threshold CLOCK_DIFFERENCE_MOST = Threshold.duration(
            "clock_difference_most",
            "1min",
            Duration.ofMillis(1),
            Duration.ofDays(365),
            "How far the clocks may be apart, else the check fails.");

    public static final Threshold CERTIFICATE_LEFT = Threshold.duration(
            "certificate_left",
            "14d",
            Duration.ZERO,
            Duration.ofDays(3650),
            "How long the server's certificate must stay valid, else the check warns.");

    public static final Threshold SEQUENCE_USED =
            Threshold.percent("sequence_used", 90, "How much of its range a sequence may have used, in percent.");

    public static final Threshold TRANSACTION_AGE = Threshold.percent(
            "transaction_age",
            50,
            "How much of the way to wraparound the oldest transaction ids may have gone, in percent, else the check"
                    + " warns.");

    public static final Threshold TRANSACTION_AGE_MOST = Threshold.percent(
            "transaction_age_most",
            90,
            "How much of the way to wraparound the oldest transaction ids may have gone, in percent, else the check"
                    + " fails.");

    public static final Threshold LONG_TRANSACTION = Threshold.duration(
            "long_transaction",
            "5min",
            Duration.ZERO,
            Duration.ofDays(365),
            "How long a client's transaction may have been open.");

    static final List<Threshold> ALL = List.of(
            WAL_RETENTION,
            DISK_FREE,
            DISK_FREE_LEAST,
            RESOURCES,
            SHARED_BUFFERS,
            CLOCK_DIFFERENCE,
            CLOCK_DIFFERENCE_MOST,
            CERTIFICATE_LEFT,
            SEQUENCE_USED,
            TRANSACTION_AGE,
            TRANSACTION_AGE_MOST,
            LONG_TRANSACTION);

    private SurroundingsThresholds() {}
}
