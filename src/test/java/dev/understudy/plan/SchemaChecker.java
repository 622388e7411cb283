package dev.understudy.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks values against the part of JSON Schema that ours is written in; a keyword it does not know is an error. */
final class SchemaChecker {
    private final List<String> violations = new ArrayList<>();

    List<String> check(Map<String, Object> schema, Object value) {
        check("$", schema, value);
        return violations;
    }

    private void check(String path, Map<String, Object> schema, Object value) {
        schema.forEach((keyword, rule) -> {
            if (!holds(path, keyword, rule, schema, value)) {
                violations.add(path + ": " + keyword + " " + rule + " refuses " + value);
            }
        });
    }

    private boolean holds(String path, String keyword, Object rule, Map<String, Object> schema, Object value) {
        return switch (keyword) {
            case "$schema", "$id", "title", "description" -> true;
            case "type" -> types(rule).stream().anyMatch(type -> isA(type, value));
            case "enum" -> ((Collection<?>) rule).contains(value);
            case "pattern" ->
                !(value instanceof String text)
                        || Pattern.compile((String) rule).matcher(text).find();
            case "minimum" -> !(value instanceof Integer number) || number >= (Integer) rule;
            case "maximum" -> !(value instanceof Integer number) || number <= (Integer) rule;
            case "minItems" -> !(value instanceof List<?> list) || list.size() >= (Integer) rule;
            case "required" -> !(value instanceof Map<?, ?> map) || map.keySet().containsAll((Collection<?>) rule);
            case "anyOf" ->
                ((List<?>) rule)
                        .stream()
                                .anyMatch(one -> new SchemaChecker()
                                        .check(map(one), value)
                                        .isEmpty());
            case "items" -> {
                if (value instanceof List<?> list) {
                    list.forEach(item -> check(path + "[]", map(rule), item));
                }
                yield true;
            }
            case "propertyNames" -> {
                if (value instanceof Map<?, ?> entries) {
                    entries.keySet().forEach(key -> check(path + " key", map(rule), key));
                }
                yield true;
            }
            case "properties" -> {
                if (value instanceof Map<?, ?> entries) {
                    map(rule).forEach((key, one) -> {
                        if (entries.containsKey(key)) {
                            check(path + "." + key, map(one), entries.get(key));
                        }
                    });
                }
                yield true;
            }
            case "additionalProperties" -> additional(path, rule, schema, value);
            default -> throw new IllegalStateException("unknown keyword " + keyword);
        };
    }

    private boolean additional(String path, Object rule, Map<String, Object> schema, Object value) {
        if (!(value instanceof Map<?, ?> entries)) {
            return true;
        }
        Map<String, Object> known = schema.containsKey("properties") ? map(schema.get("properties")) : Map.of();
        List<?> others = entries.keySet().stream()
                .filter(key -> !known.containsKey(String.valueOf(key)))
                .toList();
        if (rule instanceof Map<?, ?>) {
            others.forEach(key -> check(path + "." + key, map(rule), entries.get(key)));
            return true;
        }
        return others.isEmpty();
    }

    private static List<String> types(Object rule) {
        return rule instanceof String one
                ? List.of(one)
                : ((List<?>) rule).stream().map(String::valueOf).toList();
    }

    private static boolean isA(String type, Object value) {
        return switch (type) {
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "null" -> value == null;
            default -> throw new IllegalStateException("unknown type " + type);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object schema) {
        return (Map<String, Object>) schema;
    }
}
