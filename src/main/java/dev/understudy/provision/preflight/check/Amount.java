package dev.understudy.provision.preflight.check;

import java.time.Duration;
import java.util.Locale;

/** Prints sizes and durations as people read them at three in the morning. */
public final class Amount {
    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

    private Amount() {}

    /** A size in units of 1024 with PostgreSQL's names: {@code 812 bytes}, {@code 1.5 GB}, {@code 24 MB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || value >= 100 || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** A duration's two largest units: {@code 3 h 20 min}, {@code 45 s}, {@code 120 ms}. */
    public static String duration(Duration duration) {
        Duration positive = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        long seconds = positive.toSeconds();
        if (seconds == 0) {
            return sign + positive.toMillis() + " ms";
        }
        if (seconds < 60) {
            return sign + seconds + " s";
        }
        if (seconds < 3600) {
            return sign + joined(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 86_400
                ? sign + joined(seconds / 3600, "h", seconds % 3600 / 60, "min")
                : sign + joined(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String joined(long large, String unit, long small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
