package dev.understudy.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs for scripts, every reading among them; what has no value is null. */
final class ResultJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultJson() {}

    static String of(List<Run> runs) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("runs");
        for (Run run : runs) {
            Surroundings surroundings = run.surroundings();
            ObjectNode node = list.addObject()
                    .put("at", surroundings.at().toString())
                    .put("machine", surroundings.machine())
                    .put("database", surroundings.database())
                    .put("command", surroundings.command())
                    .put("rounds", surroundings.rounds())
                    .put("load", surroundings.load());
            ArrayNode rows = node.putArray("rows");
            run.rows().forEach(row -> write(row, rows.addObject()));
        }
        return root.toPrettyString() + "\n";
    }

    private static void write(Row row, ObjectNode node) {
        Heading heading = row.heading();
        node.put("id", heading.id())
                .put("contest", row.contest())
                .put("work", heading.work())
                .put("peer", heading.peer())
                .put("unit", heading.unit())
                .put("figure", heading.figure());
        number(node, "goal", heading.goal());
        row.missing().ifPresent(why -> node.put("missing", why));
        ArrayNode readings = node.putArray("readings");
        for (Reading reading : row.readings()) {
            ObjectNode each = readings.addObject();
            number(each, "peer", reading.peer());
            number(each, "ours", reading.ours());
            number(each, "figure", reading.figure());
            number(each, "memory", reading.memory());
        }
        number(node, "median", row.figure());
    }

    /** What {@link #of} wrote. */
    static List<Run> read(String json) {
        try {
            List<Run> runs = new ArrayList<>();
            for (JsonNode node : JSON.readTree(json).path("runs")) {
                Surroundings surroundings = new Surroundings(
                        Instant.parse(node.path("at").asText()),
                        node.path("machine").asText(),
                        node.path("database").asText(),
                        node.path("command").asText(),
                        node.path("rounds").asInt(),
                        node.path("load").asDouble());
                List<Row> rows = new ArrayList<>();
                node.path("rows").forEach(row -> rows.add(row(row)));
                runs.add(new Run(surroundings, rows));
            }
            return runs;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(JsonNode node) {
        Heading heading = new Heading(
                node.path("id").asText(),
                node.path("work").asText(),
                node.path("peer").asText(),
                node.path("unit").asText(),
                node.path("figure").asText(),
                number(node, "goal"));
        List<Reading> readings = new ArrayList<>();
        for (JsonNode each : node.path("readings")) {
            readings.add(new Reading(
                    number(each, "peer"), number(each, "ours"), number(each, "figure"), number(each, "memory")));
        }
        return new Row(
                node.path("contest").asText(),
                heading,
                readings,
                Optional.ofNullable(node.path("missing").textValue()));
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }

    private static double number(JsonNode node, String name) {
        return node.path(name).isNumber() ? node.path(name).asDouble() : Double.NaN;
    }
}
