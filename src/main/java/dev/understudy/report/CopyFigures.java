package dev.understudy.report;

import java.util.ArrayList;
import java.util.List;

/** What the copy of the data directory moved and checked, in words. */
public final class CopyFigures {
    /** One figure with its name. */
    public record Figure(String name, String value) {}

    private CopyFigures() {}

    public static List<Figure> of(Section copy) {
        List<Figure> figures = new ArrayList<>();
        copy.text("via").ifPresent(via -> figures.add(new Figure("route", via + workers(copy))));
        copy.number("files").ifPresent(files -> figures.add(new Figure("files", Words.count(files.longValue()))));
        copy.number("bytesTotal").ifPresent(bytes -> figures.add(new Figure("data", Words.size(bytes.doubleValue()))));
        copy.number("bytesTransferred")
                .ifPresent(bytes -> figures.add(new Figure("transferred", Words.size(bytes.doubleValue()))));
        copy.number("pagesChecked").ifPresent(pages -> figures.add(pages(copy, pages.longValue())));
        copy.number("seconds").ifPresent(seconds -> figures.add(time(copy, seconds.doubleValue())));
        return figures;
    }

    private static String workers(Section copy) {
        long workers = copy.count("workers");
        return workers == 0 ? "" : workers == 1 ? ", 1 worker" : ", %d workers".formatted(workers);
    }

    private static Figure pages(Section copy, long pages) {
        long failures = copy.count("pageChecksumFailures");
        String words = pages == 0 && failures == 0 && copy.count("pagesNotChecked") == 0
                ? "none: the cluster has no page checksums"
                : "%s checked, %s wrong".formatted(Words.count(pages), failures == 0 ? "none" : Words.count(failures));
        long equal = copy.count("pagesNotChecked");
        String others = equal == 0
                ? ""
                : "; %s equal on both sides by their digests, and not checked".formatted(Words.count(equal));
        return new Figure("pages", words + others);
    }

    private static Figure time(Section copy, double seconds) {
        double bytes = copy.count("bytesTransferred");
        String rate = seconds > 0 && bytes > 0 ? " (%s/s)".formatted(Words.size(bytes / seconds)) : "";
        return new Figure("time", Words.duration(seconds) + rate);
    }
}
