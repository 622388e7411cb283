package dev.understudy.benchmark.contest;

import dev.understudy.benchmark.Cluster;
import dev.understudy.benchmark.Contest;
import dev.understudy.benchmark.Copy;
import dev.understudy.benchmark.Heading;
import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Reading;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Understudy against itself: the time of a copy as the database grows, in bytes and in files, and as workers are added.
 * A row is held to what the rows above it say: the straight line through the first ones, or the fewest workers that keep
 * all cores busy.
 */
public final class Growth implements Contest {
    /** What counts as straight, and as no worse: one copy differs from the next by so much. */
    private static final double GOAL = 1.1;

    private static final int MEGABYTES = 1000;
    private static final int FILES_OF_A_TABLE = 4;

    /** A copy to take: of which database, by which route, with how many workers. */
    private record Size(int megabytes, int tables, String route, int workers, double x, String work) {}

    private final Yard yard;
    private final String name;
    private final String expectation;
    private final List<Size> sizes;
    private final boolean straight;

    private Growth(Yard yard, String name, String expectation, boolean straight, List<Size> sizes) {
        this.yard = yard;
        this.name = name;
        this.expectation = expectation;
        this.straight = straight;
        this.sizes = sizes;
    }

    /** 1, 2, 4 and 8 GB by the SSH route. */
    public static Growth size(Yard yard) {
        List<Size> sizes = new ArrayList<>();
        for (int gigabytes = 1; gigabytes <= 8; gigabytes *= 2) {
            sizes.add(new Size(gigabytes * MEGABYTES, 0, "ssh", 4, gigabytes, "ssh route, %d GB".formatted(gigabytes)));
        }
        return new Growth(yard, "size", "the line through 1 and 2 GB", true, sizes);
    }

    /** 1,000 to 200,000 files besides 1 GB by the SSH route. */
    public static Growth files(Yard yard) {
        List<Size> sizes = new ArrayList<>();
        for (int files : new int[] {1_000, 50_000, 100_000, 200_000}) {
            sizes.add(new Size(
                    MEGABYTES,
                    files / FILES_OF_A_TABLE,
                    "ssh",
                    4,
                    files,
                    "ssh route, 1 GB and %,d files".formatted(files)));
        }
        return new Growth(yard, "files", "the line through 1,000 and 50,000 files", true, sizes);
    }

    /** 1 to 8 workers by each route. */
    public static Growth workers(Yard yard) {
        List<Size> sizes = new ArrayList<>();
        for (String route : List.of("local", "ssh", "sql")) {
            for (int workers = 1; workers <= 8; workers *= 2) {
                sizes.add(new Size(
                        MEGABYTES, 0, route, workers, workers, "%s route, 1 GB, %d workers".formatted(route, workers)));
            }
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return new Growth(yard, "workers", "as many workers as cores (%d)".formatted(processors), false, sizes);
    }

    @Override
    public String id() {
        return "growth-" + name;
    }

    @Override
    public List<Heading> headings() {
        List<Heading> headings = new ArrayList<>();
        for (int at = 0; at < sizes.size(); at++) {
            Size size = sizes.get(at);
            String row = straight
                    ? "%s-%.0f".formatted(id(), size.x())
                    : "%s-%s-%d".formatted(id(), size.route(), size.workers());
            headings.add(Heading.ratio(row, size.work(), expectation, isJudged(at) ? GOAL : Double.NaN));
        }
        return headings;
    }

    private boolean isJudged(int at) {
        return straight
                ? at > 1
                : sizes.get(at).workers() > Runtime.getRuntime().availableProcessors();
    }

    @Override
    public List<Reading> round(int number) {
        List<Program.Ran> taken = new ArrayList<>();
        for (Size size : sizes) {
            taken.add(take(size));
        }
        List<Reading> readings = new ArrayList<>();
        for (int at = 0; at < sizes.size(); at++) {
            readings.add(Reading.ratio(straight ? line(taken, at) : asManyAsCores(taken, at), taken.get(at)));
        }
        return readings;
    }

    private Program.Ran take(Size size) {
        try (Cluster cluster = yard.otherCluster(size.megabytes(), size.tables())) {
            Path room = yard.room("ours");
            Program.Ran ran = new Copy(yard, cluster, room)
                    .by(size.route())
                    .with("workers", Integer.toString(size.workers()))
                    .make();
            yard.clear(room);
            return ran;
        }
    }

    /** Where the line through the first two copies is at this one. */
    private double line(List<Program.Ran> taken, int at) {
        double first = taken.get(0).seconds();
        double slope = (taken.get(1).seconds() - first)
                / (sizes.get(1).x() - sizes.get(0).x());
        return first + slope * (sizes.get(at).x() - sizes.get(0).x());
    }

    private double asManyAsCores(List<Program.Ran> taken, int at) {
        int processors = Runtime.getRuntime().availableProcessors();
        double seconds = taken.get(at).seconds();
        for (int other = 0; other < sizes.size(); other++) {
            if (sizes.get(other).route().equals(sizes.get(at).route())
                    && sizes.get(other).workers() <= processors) {
                seconds = taken.get(other).seconds();
            }
        }
        return seconds;
    }
}
