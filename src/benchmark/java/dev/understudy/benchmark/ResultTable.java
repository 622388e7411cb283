package dev.understudy.benchmark;

import java.util.List;
import java.util.Locale;

/** The rows as a person reads them, in Markdown, so that a page can take them over as they are. */
final class ResultTable {
    private ResultTable() {}

    static String of(List<Run> runs) {
        StringBuilder table = new StringBuilder();
        table.append("| work | peer | peer's | ours | figure | lowest to highest | memory | goal | | run |\n");
        table.append("|---|---|---|---|---|---|---|---|---|---|\n");
        for (Run.Numbered each : Run.inOrder(runs)) {
            table.append("%s %d |%n".formatted(line(each.row()), each.run()));
        }
        table.append('\n');
        for (int run = 0; run < runs.size(); run++) {
            table.append("%d. %s%n".formatted(run + 1, runs.get(run).surroundings()));
        }
        return table.toString();
    }

    /** One row's line, but for the number of its run. */
    private static String line(Row row) {
        Heading heading = row.heading();
        return "| "
                + String.join(
                        " | ",
                        heading.work(),
                        heading.peer().isEmpty() ? "" : "`%s`".formatted(heading.peer()),
                        value(row.peer(), heading.unit()),
                        value(row.ours(), heading.unit()),
                        value(row.figure(), heading.figure()),
                        row.readings().isEmpty() ? "" : number(row.lowest()) + " to " + number(row.highest()),
                        value(row.memory(), "MB"),
                        Double.isNaN(heading.goal()) ? "" : "≤ " + number(heading.goal()),
                        row.verdict())
                + " |";
    }

    private static String value(double value, String unit) {
        return Double.isNaN(value) ? "" : number(value) + " " + unit;
    }

    /** Three digits that count. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
