package dev.understudy.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The rows for scripts, every reading among them. */
final class ResultJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultJson() {}

    static String of(Surroundings surroundings, List<Row> rows) {
        ObjectNode root = JSON.createObjectNode();
        root.put("at", surroundings.at().toString());
        root.put("machine", surroundings.machine());
        root.put("database", surroundings.database());
        root.put("command", surroundings.command());
        root.put("rounds", surroundings.rounds());
        root.put("load", surroundings.load());
        ArrayNode list = root.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = list.addObject();
            node.put("id", row.heading().id());
            node.put("work", row.heading().work());
            node.put("peer", row.heading().peer());
            node.put("unit", row.heading().unit());
            node.put("figure", row.heading().figure());
            number(node, "goal", row.heading().goal());
            number(node, "median", row.figure());
            number(node, "memory", row.memory());
            row.missing().ifPresent(why -> node.put("missing", why));
            ArrayNode readings = node.putArray("readings");
            for (Reading reading : row.readings()) {
                ObjectNode each = readings.addObject();
                number(each, "peer", reading.peer());
                number(each, "ours", reading.ours());
                number(each, "figure", reading.figure());
                number(each, "memory", reading.memory());
            }
        }
        return root.toPrettyString() + "\n";
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
