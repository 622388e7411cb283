package dev.understudy.benchmark;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A heading and its readings. The median stands for them; the lowest and the highest say how far it can be trusted.
 *
 * @param contest id of the contest
 * @param missing why there are no readings, or fewer than asked for
 */
record Row(String contest, Heading heading, List<Reading> readings, Optional<String> missing) {
    Row {
        readings = List.copyOf(readings);
    }

    double peer() {
        return median(Reading::peer);
    }

    double ours() {
        return median(Reading::ours);
    }

    double figure() {
        return median(Reading::figure);
    }

    double lowest() {
        return readings.stream().mapToDouble(Reading::figure).min().orElse(Double.NaN);
    }

    double highest() {
        return readings.stream().mapToDouble(Reading::figure).max().orElse(Double.NaN);
    }

    /** The highest of all rounds, since a limit of memory holds always or not at all. */
    double memory() {
        return readings.stream().mapToDouble(Reading::memory).max().orElse(Double.NaN);
    }

    /** What is said of the goal: {@code stated} where there is none. */
    String verdict() {
        if (missing.isPresent()) {
            return missing.get();
        }
        if (Double.isNaN(heading.goal())) {
            return "stated";
        }
        return isReached() ? "reached" : "**not reached**";
    }

    boolean isReached() {
        return figure() <= heading.goal();
    }

    private double median(ToDoubleFunction<Reading> value) {
        double[] sorted = readings.stream().mapToDouble(value).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
