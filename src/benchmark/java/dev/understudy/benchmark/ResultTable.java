package dev.understudy.benchmark;

import java.util.List;
import java.util.Locale;

/** The rows as a person reads them, in Markdown, so that a page can take them over as they are. */
final class ResultTable {
    private ResultTable() {}

    static String of(Surroundings surroundings, List<Row> rows) {
        StringBuilder table = new StringBuilder();
        table.append("%s%n%n".formatted(surroundings));
        table.append("| work | peer | peer's | ours | figure | lowest to highest | memory | goal | |%n".formatted());
        table.append("|---|---|---|---|---|---|---|---|---|%n".formatted());
        rows.forEach(row -> table.append(line(row)).append(System.lineSeparator()));
        return table.toString();
    }

    /** One row's line. */
    static String line(Row row) {
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
