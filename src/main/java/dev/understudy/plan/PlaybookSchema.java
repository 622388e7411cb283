package dev.understudy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Schema (2020-12) of playbooks, for editors; shipped as {@code playbooks/schema.json}. It says less than the
 * parser: what it refuses the parser refuses too, the order of steps is the parser's alone.
 */
public final class PlaybookSchema {
    private static final String ID = "urn:understudy:playbook:1";

    private PlaybookSchema() {}

    /** The schema as shipped, with a line's end at its end. */
    public static String text() {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        ObjectMapper mapper = JsonMapper.builder()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
        try {
            return mapper.writer(printer).writeValueAsString(schema()) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema consists of maps, lists and scalars", e);
        }
    }

    static Map<String, Object> schema() {
        Map<String, Object> properties = new TreeMap<>();
        properties.put(
                "understudy", Map.of("description", "Version of the playbook language.", "enum", List.of(1, "1")));
        properties.put(
                "name", named("The playbook's name, part of its runs' names.", "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"));
        properties.put("description", described("What it does, one sentence.", Map.of("type", Schemas.SCALAR)));
        properties.put("parameters", parameters());
        for (Section section : Section.values()) {
            properties.put(section.key(), call(section.parameters(), "The " + section.key() + " server."));
        }
        properties.put("steps", steps());
        Map<String, Object> schema = new TreeMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", ID);
        schema.put("title", "Understudy playbook");
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        schema.put("required", List.of("understudy", "name", "steps"));
        schema.put("properties", properties);
        return schema;
    }

    private static Map<String, Object> named(String description, String pattern) {
        // A name of digits alone is a number to YAML.
        return Map.of(
                "description",
                description,
                "anyOf",
                List.of(Map.of("type", "string", "pattern", pattern), Map.of("type", List.of("number", "boolean"))));
    }

    private static Map<String, Object> parameters() {
        Map<String, Object> flag = new ParameterType.Flag().schema();
        Map<String, Object> scalar = Map.of("type", Schemas.SCALAR);
        Map<String, Object> parameter = new TreeMap<>();
        parameter.put("type", List.of("object", "null"));
        parameter.put("additionalProperties", false);
        parameter.put(
                "properties",
                Map.of(
                        "description", described("What it is, for people.", scalar),
                        "required", described("Whether it must be given with -e.", flag),
                        "default", described("Its value if none is given.", scalar),
                        "secret", described("Whether its value must not be written to disk.", flag)));
        Map<String, Object> parameters = new TreeMap<>();
        parameters.put("description", "What can be given with -e NAME=VALUE, and stands for ${NAME}.");
        parameters.put("type", List.of("object", "null"));
        parameters.put("propertyNames", Map.of("pattern", "^" + Template.NAME.pattern() + "$"));
        parameters.put("additionalProperties", parameter);
        return parameters;
    }

    private static Map<String, Object> steps() {
        List<Object> alternatives = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (StepKind kind : StepKinds.all()) {
            boolean bare = kind.parameters().stream().noneMatch(Parameter::required);
            if (bare) {
                alone.add(kind.name());
            }
            Map<String, Object> step = new TreeMap<>();
            step.put("type", "object");
            step.put("additionalProperties", false);
            step.put("required", List.of(kind.name()));
            step.put("properties", Map.of(kind.name(), call(kind.parameters(), kind.summary())));
            alternatives.add(step);
        }
        alternatives.add(0, Map.of("enum", alone));
        Map<String, Object> steps = new TreeMap<>();
        steps.put("description", "What is done, in this order.");
        steps.put("type", "array");
        steps.put("minItems", 1);
        steps.put("items", Map.of("anyOf", alternatives));
        return steps;
    }

    private static Map<String, Object> call(List<Parameter> parameters, String description) {
        Map<String, Object> properties = new TreeMap<>();
        List<String> required = new ArrayList<>();
        for (Parameter parameter : parameters) {
            String text = parameter.summary()
                    + parameter
                            .findDefault()
                            .map(value -> " Default: " + value + ".")
                            .orElse("");
            Map<String, Object> type = parameter.type().schema();
            properties.put(
                    parameter.name(),
                    parameter.required()
                            ? described(text, type)
                            : described(text, Map.of("anyOf", List.of(type, Map.of("type", "null")))));
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("description", description);
        call.put("type", required.isEmpty() ? List.of("object", "null") : "object");
        call.put("additionalProperties", false);
        call.put("properties", properties);
        if (!required.isEmpty()) {
            call.put("required", required);
        }
        return call;
    }

    private static Map<String, Object> described(String description, Map<String, Object> schema) {
        Map<String, Object> described = new TreeMap<>(schema);
        described.put("description", description);
        return described;
    }
}
