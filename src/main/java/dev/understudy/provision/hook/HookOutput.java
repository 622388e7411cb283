package dev.understudy.provision.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One JSON object that a hook wrote to its standard output. All keys are optional, none but these is allowed:
 *
 * <pre>
 * {"made":    [{"kind": "snapshot", "id": "snap-0a1b"}],   what it made, and its clean-up takes back
 *  "devices": ["/dev/nvme1n1"],                            device paths, absolute
 *  "values":  {"instance": "i-0c2d"},                      later hooks see UNDERSTUDY_HOOK_INSTANCE
 *  "message": "one line for people"}
 * </pre>
 *
 * @param made what it made
 * @param devices absolute paths of devices
 * @param values what later hooks are told, by name
 * @param message for people; may be empty
 */
record HookOutput(List<Made> made, List<String> devices, Map<String, String> values, String message) {
    private static final Set<String> KEYS = Set.of("made", "devices", "values", "message");
    private static final Set<String> MADE_KEYS = Set.of("kind", "id");
    private static final Pattern VALUE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    HookOutput {
        made = List.copyOf(made);
        devices = List.copyOf(devices);
        values = Map.copyOf(values);
    }

    /**
     * Reads one object.
     *
     * @throws IllegalArgumentException saying what is wrong with it, for people
     */
    static HookOutput read(String json) {
        JsonNode root = tree(json);
        requireKeys(root, KEYS, "the object");
        List<Made> made = new ArrayList<>();
        for (JsonNode each : list(root, "made")) {
            requireKeys(each, MADE_KEYS, "an entry of \"made\"");
            made.add(new Made(text(each, "kind"), text(each, "id")));
        }
        List<String> devices = new ArrayList<>();
        for (JsonNode each : list(root, "devices")) {
            if (!each.isTextual() || !isPath(each.textValue())) {
                throw new IllegalArgumentException("\"devices\" has " + each + ", expected absolute paths");
            }
            devices.add(each.textValue());
        }
        return new HookOutput(made, devices, values(root.path("values")), message(root.path("message")));
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    private static boolean isPath(String text) {
        return text.startsWith("/") && text.chars().noneMatch(Character::isISOControl);
    }

    private static Map<String, String> values(JsonNode node) {
        Map<String, String> values = new TreeMap<>();
        if (node.isMissingNode()) {
            return values;
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("\"values\" is " + node + ", expected an object");
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            if (!VALUE_NAME.matcher(each.getKey()).matches()) {
                throw new IllegalArgumentException("\"values\" has the name \"" + each.getKey()
                        + "\", expected lower-case letters, digits and underscores");
            }
            if (!each.getValue().isValueNode()
                    || each.getValue().isNull()
                    || each.getValue().asText().indexOf('\0') >= 0) {
                throw new IllegalArgumentException("\"" + each.getKey() + "\" of \"values\" is " + each.getValue()
                        + ", expected a text or a number");
            }
            values.put(each.getKey(), each.getValue().asText());
        }
        return values;
    }

    private static String message(JsonNode node) {
        if (node.isMissingNode()) {
            return "";
        }
        if (!node.isTextual()) {
            throw new IllegalArgumentException("\"message\" is " + node + ", expected a text");
        }
        return node.textValue();
    }

    private static Iterable<JsonNode> list(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isMissingNode() && !node.isArray()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + node + ", expected a list");
        }
        return node;
    }

    private static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("an entry of \"made\" has no text \"" + key + "\"");
        }
        return value.textValue();
    }

    private static void requireKeys(JsonNode node, Set<String> known, String what) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(what + " is " + node + ", expected a JSON object");
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("unknown key \"" + key + "\" in " + what + ", expected one of: "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }
}
