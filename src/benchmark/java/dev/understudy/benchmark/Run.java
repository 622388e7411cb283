package dev.understudy.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was measured in one go.
 *
 * @param rows in the order in which they were measured
 */
record Run(Surroundings surroundings, List<Row> rows) {
    Run {
        rows = List.copyOf(rows);
    }

    /** A row and the number of its run, from 1, as the table names it. */
    record Numbered(int run, Row row) {}

    /** Earlier runs without the contests that a later one held again, and the later one. */
    static List<Run> with(List<Run> earlier, Run later) {
        Set<String> again = later.rows.stream().map(Row::contest).collect(Collectors.toUnmodifiableSet());
        List<Run> runs = new ArrayList<>();
        for (Run run : earlier) {
            List<Row> kept = run.rows.stream()
                    .filter(row -> !again.contains(row.contest()))
                    .toList();
            if (!kept.isEmpty()) {
                runs.add(new Run(run.surroundings, kept));
            }
        }
        runs.add(later);
        return List.copyOf(runs);
    }

    /** All rows in the order of the contests. */
    static List<Numbered> inOrder(List<Run> runs) {
        List<Numbered> rows = new ArrayList<>();
        for (int run = 0; run < runs.size(); run++) {
            for (Row row : runs.get(run).rows) {
                rows.add(new Numbered(run + 1, row));
            }
        }
        List<String> order = List.copyOf(Contests.ALL.keySet());
        rows.sort(Comparator.comparingInt(each -> order.indexOf(each.row().contest())));
        return rows;
    }
}
