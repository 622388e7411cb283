package dev.understudy.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Pieces of JSON Schema. Every scalar may hold a {@code ${parameter}} instead, and may be empty for "not given". */
final class Schemas {
    /** A scalar with a reference in it, or an empty one: only the parser can tell what it comes to. */
    private static final String OPEN = "^$|\\$\\{";

    /** What a scalar may be to YAML: the parser takes every one by its text. */
    static final List<String> SCALAR = List.of("string", "number", "boolean", "null");

    private Schemas() {}

    static Map<String, Object> scalar() {
        return Map.of("type", SCALAR);
    }

    static Map<String, Object> pattern(Pattern pattern) {
        return Map.of("type", "string", "pattern", "^(?:" + pattern.pattern() + ")$|" + OPEN);
    }

    static Map<String, Object> oneOfOrReference(List<?> values) {
        return Map.of("anyOf", List.of(Map.of("enum", List.copyOf(values)), Map.of("type", "string", "pattern", OPEN)));
    }

    static Map<String, Object> numberOrText(int least, int most, String pattern) {
        Map<String, Object> number = new TreeMap<>(Map.of("type", "integer", "minimum", least, "maximum", most));
        return Map.of("anyOf", List.of(number, Map.of("type", "string", "pattern", pattern + "|" + OPEN)));
    }
}
