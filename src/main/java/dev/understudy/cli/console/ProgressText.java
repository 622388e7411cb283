package dev.understudy.cli.console;

import dev.understudy.engine.Progress;
import dev.understudy.report.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Progress in words, with or without a bar. */
final class ProgressText {
    private static final int BAR_WIDTH = 22;

    private ProgressText() {}

    /** {@code [=====>    ] 45 %  512 MB of 1.11 GB  320 MB/s  2 s left}. */
    static String withBar(Progress progress, OptionalDouble perSecond) {
        return progress.total() > 0
                ? bar(fraction(progress)) + " " + words(progress, perSecond)
                : words(progress, perSecond);
    }

    /** {@code 45 %  512 MB of 1.11 GB  320 MB/s  2 s left}. */
    static String words(Progress progress, OptionalDouble perSecond) {
        List<String> parts = new ArrayList<>();
        if (progress.total() > 0) {
            parts.add("%3d %%".formatted((int) Math.floor(fraction(progress) * 100)));
            parts.add(amount(progress.unit(), progress.done()) + " of " + amount(progress.unit(), progress.total()));
        } else {
            parts.add(amount(progress.unit(), progress.done()));
        }
        perSecond.ifPresent(rate -> addRate(parts, progress, rate));
        return String.join("  ", parts);
    }

    private static void addRate(List<String> parts, Progress progress, double rate) {
        if (progress.unit() == Progress.Unit.BYTES) {
            parts.add(Words.size(rate) + "/s");
        }
        long remaining = progress.total() - progress.done();
        if (rate > 0 && remaining > 0) {
            parts.add(left(remaining / rate));
        }
    }

    /** To the second, and to the minute beyond an hour: a guess needs no decimals. */
    private static String left(double seconds) {
        return seconds < 60 ? Math.max(1, Math.round(seconds)) + " s left" : Words.duration(seconds) + " left";
    }

    private static String amount(Progress.Unit unit, long count) {
        return switch (unit) {
            case BYTES -> Words.size(count);
            case FILES -> Words.count(count) + " files";
            case CHECKS -> Words.count(count) + " checks";
        };
    }

    private static double fraction(Progress progress) {
        return Math.max(0, Math.min(1, (double) progress.done() / progress.total()));
    }

    private static String bar(double fraction) {
        int filled = (int) Math.floor(fraction * BAR_WIDTH);
        String head = filled < BAR_WIDTH ? ">" : "";
        return String.format(Locale.ROOT, "[%-" + BAR_WIDTH + "s]", "=".repeat(filled) + head);
    }
}
