package dev.understudy.benchmark;

import java.util.List;
import java.util.Locale;

/** The rows as a person reads them, in Markdown, so that a page can take them over as they are. */
final class ResultTable {
    private ResultTable() {}

    static String of(Surroundings surroundings, List<Row> rows) {
        StringBuilder table = new StringBuilder();
        table.append("%s%n%n".formatted(surroundings));
        table.append("| work | peer | peer | ours | figure | lowest to highest | goal | |%n".formatted());
        table.append("|---|---|---|---|---|---|---|---|%n".formatted());
        for (Row row : rows) {
            table.append(line(row));
        }
        return table.toString();
    }

    private static String line(Row row) {
        Heading heading = row.heading();
        return "| %s | %s | %s | %s | %s %s | %s to %s | %s | %s |%n"
                .formatted(
                        heading.work(),
                        heading.peer().isEmpty() ? "" : "`%s`".formatted(heading.peer()),
                        value(row.peer(), heading.unit()),
                        value(row.ours(), heading.unit()),
                        number(row.figure()),
                        heading.figure(),
                        number(row.lowest()),
                        number(row.highest()),
                        Double.isNaN(heading.goal()) ? "" : "≤ " + number(heading.goal()),
                        Double.isNaN(heading.goal()) ? "stated" : row.isReached() ? "reached" : "**not reached**");
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
