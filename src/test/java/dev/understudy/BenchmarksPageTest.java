package dev.understudy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Holds the page of the benchmarks to what was measured: its table says what the readings beside it say, and no more. */
final class BenchmarksPageTest {
    private static final String PAGE = read("src/site/markdown/benchmarks.md");
    private static final JsonNode RUNS = runs();

    /** Positions in a line of the table, counted from the text before its first bar. */
    private static final int FIGURE = 5;

    private static final int SPREAD = 6;
    private static final int MEMORY = 7;
    private static final int VERDICT = 9;
    private static final int RUN = 10;
    private static final int CELLS = 11;

    @Test
    void theTableSaysWhatTheReadingsSay() {
        List<String> problems = new ArrayList<>();
        int run = 0;
        for (JsonNode each : RUNS) {
            run++;
            for (JsonNode row : each.path("rows")) {
                String[] cells = line(row);
                double[] figures = readings(row, "figure");
                if (cells.length < CELLS || !cells[RUN].equals(Integer.toString(run))) {
                    problems.add("no line of run %d for %s"
                            .formatted(run, row.path("id").asText()));
                } else if (figures.length > 0) {
                    same(problems, row, cells[FIGURE], number(median(figures)) + " " + text(row, "figure"));
                    same(problems, row, cells[SPREAD], number(least(figures)) + " to " + number(most(figures)));
                    double memory = most(readings(row, "memory"));
                    same(problems, row, cells[MEMORY], Double.isNaN(memory) ? "" : number(memory) + " MB");
                }
            }
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void aGoalIsSaidToBeReachedOnlyWhereItIs() {
        List<String> problems = new ArrayList<>();
        for (JsonNode each : RUNS) {
            for (JsonNode row : each.path("rows")) {
                boolean held = !row.has("missing") && row.path("readings").size() > 0;
                boolean reached = held
                        && row.path("goal").isNumber()
                        && median(readings(row, "figure")) <= row.path("goal").asDouble();
                String[] cells = line(row);
                if (cells.length == CELLS && cells[VERDICT].equals("reached") != reached) {
                    problems.add(row.path("id").asText());
                }
            }
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void nothingIsInTheTableThatWasNotMeasured() {
        long measured = StreamSupport.stream(RUNS.spliterator(), false)
                .mapToLong(run -> run.path("rows").size())
                .sum();

        assertThat(measured).isPositive();
        assertThat(table()).hasSize((int) measured);
    }

    @Test
    void machineCommandAndTimeOfEachRunStandInThePage() {
        assertThat(RUNS)
                .allSatisfy(run -> assertThat(PAGE)
                        .contains(text(run, "at"))
                        .contains(text(run, "machine"))
                        .contains(text(run, "database"))
                        .contains(text(run, "command")));
    }

    private static void same(List<String> problems, JsonNode row, String said, String measured) {
        if (!said.equals(measured)) {
            problems.add("%s: the page says \"%s\", measured was \"%s\"".formatted(text(row, "id"), said, measured));
        }
    }

    /** The cells of the line for a row; none if there is no such line, or more than one. */
    private static String[] line(JsonNode row) {
        String peer = text(row, "peer");
        String begin = "| %s | %s |".formatted(text(row, "work"), peer.isEmpty() ? "" : "`" + peer + "`");
        List<String> lines =
                table().stream().filter(line -> line.startsWith(begin)).toList();
        return lines.size() == 1
                ? Arrays.stream(lines.get(0).split("\\|", -1))
                        .map(String::strip)
                        .limit(CELLS)
                        .toArray(String[]::new)
                : new String[0];
    }

    /** The lines of the table of runs: those that end with a run's number. */
    private static List<String> table() {
        return PAGE.lines().filter(line -> line.matches("\\|.*\\| \\d+ \\|")).toList();
    }

    private static double[] readings(JsonNode row, String name) {
        return StreamSupport.stream(row.path("readings").spliterator(), false)
                .map(reading -> reading.path(name))
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double least(double[] values) {
        return DoubleStream.of(values).min().orElse(Double.NaN);
    }

    private static double most(double[] values) {
        return DoubleStream.of(values).max().orElse(Double.NaN);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText();
    }

    private static JsonNode runs() {
        try {
            return new ObjectMapper()
                    .readTree(read("src/site/resources/benchmarks.json"))
                    .path("runs");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
