package dev.understudy.report;

import dev.understudy.engine.Outcome;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, times and outcomes as people read them. */
public final class Words {
    private static final String[] SIZE_UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    /** How the run ended, in a few words: an end that somebody asked for is no failure. */
    public static String title(RunReport report) {
        if (report.outcome() == Outcome.UNDONE && report.exitCode() == 0) {
            return "Cleared away";
        }
        if (report.outcome() == Outcome.DONE && Rehearsal.of(report).isPresent()) {
            return Rehearsal.of(report).get().title();
        }
        boolean asked = report.problem().filter(Problem::isInterruption).isPresent();
        return asked ? title(report.outcome()).replace("Failed, ", "Interrupted, ") : title(report.outcome());
    }

    /** The outcome in one or two words. */
    public static String title(Outcome outcome) {
        return switch (outcome) {
            case PROVEN -> "Proven";
            case DONE -> "Done";
            case REFUSED -> "Refused";
            case UNDONE -> "Failed, and undone";
            case LEFT -> "Failed, and something is left";
            case INTERRUPTED -> "Interrupted";
            case RUNNING -> "Running";
        };
    }

    /** What the outcome means, and what to do next. */
    public static String meaning(RunReport report) {
        String run = Printable.line(report.run());
        return switch (report.outcome()) {
            case PROVEN -> "The standby is consistent and follows its primary. Every part of the proof holds.";
            case DONE ->
                Rehearsal.of(report)
                        .map(rehearsal -> rehearsal.meaning(
                                report.part(Rehearsal.PART).text("kept").isPresent()))
                        .orElse("All steps are verified. This playbook has no standby to prove.");
            case REFUSED -> "Nothing was changed, neither on the primary nor on the target.";
            case UNDONE -> "Everything that this run made was taken back. Primary and target are as they were.";
            case LEFT -> "Something that this run made is still there. To clear it: understudy abort " + run;
            case INTERRUPTED ->
                "The work is unfinished and nothing was taken back. To finish it: understudy resume " + run
                        + ". To clear it: understudy abort " + run;
            case RUNNING -> "A live process is working on it.";
        };
    }

    /** A size as {@code pg_size_pretty} counts, in powers of 1024, with about three digits. */
    public static String size(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < SIZE_UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        String digits = unit == 0 || value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, value) + " " + SIZE_UNITS[unit];
    }

    /** A count with its thousands set apart: {@code 12,345}. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A duration: {@code 4 ms}, {@code 12.3 s}, {@code 3 min 20 s}, {@code 2 h 05 min}. */
    public static String duration(double seconds) {
        if (seconds < 0.1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return "%d min %02d s".formatted(whole / 60, whole % 60);
        }
        return "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }

    /** A moment in UTC, to the second. */
    public static String moment(Instant instant) {
        return MOMENT.format(instant) + " UTC";
    }

    /** The time of day in UTC, to the millisecond. */
    public static String clock(Instant instant) {
        return CLOCK.format(instant);
    }
}
