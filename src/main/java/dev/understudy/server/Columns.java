package dev.understudy.server;

import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The columns of a view that grew over the majors: one row a column, with the first major that has it. Where it is not
 * there, a null of its type stands in, so that one reader serves all majors.
 */
public final class Columns {
    private record Column(String name, String type, ServerMajor since, String expression, String before) {}

    private final List<Column> columns = new ArrayList<>();

    /** A column that every major has. */
    public Columns always(String name) {
        return since(ServerMajor.OLDEST, name, "text");
    }

    /** A column with the first major that has it; null before. */
    public Columns since(ServerMajor major, String name, String type) {
        columns.add(new Column(name, type, major, name, "NULL"));
        return this;
    }

    /** A column that was called otherwise, or computed, before a major. */
    public Columns since(ServerMajor major, String name, String type, String before) {
        columns.add(new Column(name, type, major, name, before));
        return this;
    }

    /** An expression that every major has, under a name. */
    public Columns expression(String name, String expression) {
        columns.add(new Column(name, "", ServerMajor.OLDEST, expression, ""));
        return this;
    }

    /** The list for SELECT. */
    public String on(ServerMajor major) {
        return columns.stream()
                .map(column -> {
                    String expression = major.isAtLeast(column.since()) ? column.expression() : column.before();
                    boolean cast = !column.type().isEmpty();
                    return expression + (cast ? "::" + column.type() : "") + " AS " + column.name();
                })
                .collect(Collectors.joining(", "));
    }
}
