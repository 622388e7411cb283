package dev.understudy.cli.console;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, aligned, two spaces between them. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        add(headings);
    }

    public void add(String... cells) {
        rows.add(List.of(cells));
    }

    /** The rows, headings first, without spaces at the end. */
    public List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
