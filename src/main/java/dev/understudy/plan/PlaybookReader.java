package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Makes a playbook of a YAML tree, and says all that is wrong with it. Used once. */
final class PlaybookReader {
    private static final List<String> KEYS =
            List.of("understudy", "name", "description", "parameters", "primary", "standby", "steps");
    private static final List<String> PARAMETER_KEYS = List.of("description", "required", "default", "secret");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final ParameterType FLAG = new ParameterType.Flag();

    private final NodeReader nodes;
    private final String file;
    private final String text;
    private final Problems problems = new Problems();
    private final List<PlaybookParameter> parameters = new ArrayList<>();
    private final List<RawValue> defaults = new ArrayList<>();
    private final Map<Section, RawCall> sections = new EnumMap<>(Section.class);
    private final List<RawStep> steps = new ArrayList<>();

    PlaybookReader(String file, String text) {
        this.file = file;
        this.text = text;
        this.nodes = new NodeReader(file, text, problems);
    }

    Playbook read() {
        Node root = YamlDocument.read(file, text);
        Map<String, Node> keys = nodes.mapping(root, "the playbook", KEYS);
        if (keys.isEmpty()) {
            problems.throwIfAny(ErrorCode.PLAYBOOK_INVALID);
        }
        SourcePosition top = new SourcePosition(file, 1, 1);
        readVersion(keys.get("understudy"), top);
        String name = readName(keys.get("name"), top);
        String description = optionalText(keys.get("description"), "description");
        readParameters(keys.get("parameters"));
        for (Section section : Section.values()) {
            Node node = keys.get(section.key());
            if (node != null) {
                sections.put(section, readCall(node, nodes.position(node), section.key(), section.parameters()));
            }
        }
        readSteps(keys.get("steps"), top);
        checkSections();
        OrderRules.check(steps, problems);
        problems.throwIfAny(ErrorCode.PLAYBOOK_INVALID);
        SourcePosition declared =
                keys.containsKey("parameters") ? nodes.position(Objects.requireNonNull(keys.get("parameters"))) : top;
        return new Playbook(file, text, name, description, declared, parameters, defaults, sections, steps);
    }

    private void readVersion(@Nullable Node node, SourcePosition top) {
        if (node == null) {
            problems.add(top, "missing \"understudy\", expected \"understudy: 1\"");
            return;
        }
        RawValue value = nodes.scalar(node, "understudy");
        if (value != null && !value.text().equals("1")) {
            problems.add(
                    value.position(),
                    Problems.quoted(value.text()) + " is not a version of the playbook language, expected 1");
        }
    }

    private String readName(@Nullable Node node, SourcePosition top) {
        if (node == null) {
            problems.add(top, "missing \"name\", expected a name of letters, digits, \"_\", \".\" and \"-\"");
            return "";
        }
        RawValue value = nodes.scalar(node, "name");
        if (value != null && !NAME.matcher(value.text()).matches()) {
            problems.add(
                    value.position(),
                    "invalid name " + Problems.quoted(value.text())
                            + ", expected up to 64 letters, digits, \"_\", \".\" and \"-\"");
        }
        return value == null ? "" : value.text();
    }

    private String optionalText(@Nullable Node node, String owner) {
        RawValue value = node == null ? null : nodes.scalar(node, owner);
        return value == null ? "" : value.text();
    }

    private void readParameters(@Nullable Node node) {
        if (node == null || nodes.isNull(node)) {
            return;
        }
        nodes.mapping(node, "parameters", null).forEach((name, value) -> readParameter(node, name, value));
    }

    private void readParameter(Node parent, String name, Node node) {
        SourcePosition position = nodes.keyPosition(parent, name);
        if (!Template.NAME.matcher(name).matches()) {
            problems.add(
                    position,
                    "invalid parameter name " + Problems.quoted(name)
                            + ", expected a lower-case letter, then letters, digits and underscores");
        }
        Map<String, Node> keys = nodes.isNull(node)
                ? Map.of()
                : nodes.mapping(node, "parameter " + Problems.quoted(name), PARAMETER_KEYS);
        boolean required = flag(keys.get("required"), "required");
        boolean secret = flag(keys.get("secret"), "secret") || Secrets.isTellingName(name);
        RawValue standard =
                keys.containsKey("default") ? nodes.scalar(Objects.requireNonNull(keys.get("default")), name) : null;
        if (standard != null) {
            defaults.add(standard);
            if (required) {
                problems.add(standard.position(), "a required parameter with a default, expected one or the other");
            }
        }
        parameters.add(new PlaybookParameter(
                name,
                optionalText(keys.get("description"), "description"),
                required,
                standard == null ? null : standard.text(),
                secret,
                position));
    }

    private boolean flag(@Nullable Node node, String key) {
        RawValue value = node == null ? null : nodes.scalar(node, key);
        if (value == null || value.text().isEmpty()) {
            return false;
        }
        return FLAG.find(value.text()).map(Boolean.class::cast).orElseGet(() -> {
            problems.add(
                    value.position(),
                    key + ": " + Problems.quoted(value.text()) + " is not valid, expected " + FLAG.expected());
            return false;
        });
    }

    private void readSteps(@Nullable Node node, SourcePosition top) {
        if (node == null || nodes.isNull(node)) {
            problems.add(
                    node == null ? top : nodes.position(node),
                    node == null
                            ? "missing \"steps\", expected a list of steps"
                            : "no steps, expected a list of steps");
            return;
        }
        List<Node> items = nodes.list(node, "steps");
        if (items != null && items.isEmpty()) {
            problems.add(nodes.position(node), "no steps, expected a list of steps");
        }
        Map<String, Integer> counts = new HashMap<>();
        for (Node item : items == null ? List.<Node>of() : items) {
            readStep(item, counts);
        }
    }

    private void readStep(Node item, Map<String, Integer> counts) {
        NodeReader.Call call = nodes.call(item);
        if (call == null) {
            return;
        }
        List<String> known = StepKinds.all().stream().map(StepKind::name).toList();
        StepKind kind = StepKinds.find(call.name()).orElse(null);
        if (kind == null) {
            problems.add(
                    call.position(),
                    "unknown step " + Problems.quoted(call.name()) + Problems.nearest(call.name(), known)
                            + ", expected " + Problems.oneOf(known));
            return;
        }
        int number = counts.merge(kind.name(), 1, Integer::sum);
        String name = number == 1 ? kind.name() : kind.name() + "-" + number;
        RawCall arguments = call.arguments() == null
                ? new RawCall(call.position(), Map.of())
                : readCall(call.arguments(), call.position(), name, kind.parameters());
        steps.add(new RawStep(kind, name, arguments));
        for (Parameter parameter : kind.parameters()) {
            if (parameter.required() && !arguments.values().containsKey(parameter.name())) {
                addMissing(call.position(), "step \"" + kind.name() + "\"", parameter);
            }
        }
    }

    private RawCall readCall(Node node, SourcePosition position, String owner, List<Parameter> known) {
        Map<String, RawValue> values = new LinkedHashMap<>();
        if (nodes.isNull(node)) {
            return new RawCall(position, values);
        }
        List<String> names = known.stream().map(Parameter::name).toList();
        Map<String, Node> keys = nodes.mapping(node, owner, names);
        for (Parameter parameter : known) {
            Node value = keys.get(parameter.name());
            if (value != null) {
                readValue(value, owner, parameter, values);
            }
        }
        return new RawCall(position, values);
    }

    private void readValue(Node node, String owner, Parameter parameter, Map<String, RawValue> values) {
        String name = owner + "." + parameter.name();
        RawValue value = parameter.type() instanceof Places.Names || parameter.type() instanceof Places.VolumeNames
                ? nodes.scalarOrList(node, name)
                : nodes.scalar(node, name);
        if (value == null) {
            // Given all the same: that it is missing would be said besides.
            values.put(parameter.name(), new RawValue("", nodes.position(node), 0, 0, false, name));
            return;
        }
        values.put(parameter.name(), value);
        checkReferences(value);
        if (value.template().references().isEmpty()) {
            ValueReader.read(parameter, value, Map.of(), Set.of(), problems);
        }
    }

    private void checkReferences(RawValue value) {
        List<String> known = parameters.stream().map(PlaybookParameter::name).toList();
        value.template()
                .findUnclosed()
                .ifPresent(piece -> problems.add(
                        value.position(),
                        Problems.quoted(piece) + " has no end, expected ${name}, or $${ for the text itself"));
        for (String name : value.template().references()) {
            if (!known.contains(name) && value.template().findUnclosed().isEmpty()) {
                problems.add(
                        value.position(),
                        "unknown parameter " + Problems.quoted(name) + Problems.nearest(name, known) + ", expected "
                                + Problems.oneOf(known) + "; $${ stands for the text itself");
            }
        }
    }

    private void checkSections() {
        for (Section section : Section.values()) {
            RawCall call = sections.get(section);
            if (call != null) {
                section.parameters().stream()
                        .filter(parameter ->
                                parameter.required() && !call.values().containsKey(parameter.name()))
                        .forEach(parameter ->
                                addMissing(call.position(), "section \"" + section.key() + "\"", parameter));
            } else {
                steps.stream()
                        .filter(step -> step.kind().sections().contains(section))
                        .findFirst()
                        .ifPresent(step -> problems.add(
                                step.position(),
                                "step \"" + step.kind().name() + "\" without a section \"" + section.key()
                                        + "\", expected one"));
            }
        }
    }

    private void addMissing(SourcePosition position, String owner, Parameter parameter) {
        problems.add(
                position,
                owner + " without \"" + parameter.name() + "\", expected "
                        + parameter.type().expected());
    }
}
