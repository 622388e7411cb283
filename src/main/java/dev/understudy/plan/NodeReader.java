package dev.understudy.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the shapes that playbooks are made of; what has another shape is a problem, and then the answer is null. */
final class NodeReader {
    /** A step: a name alone, or a name with its arguments. */
    record Call(
            String name, SourcePosition position, @Nullable Node arguments) {}

    private final String file;
    private final String text;
    private final Problems problems;

    NodeReader(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /** The file's beginning. */
    SourcePosition top() {
        return new SourcePosition(file, 1, 1);
    }

    SourcePosition position(Node node) {
        return YamlDocument.position(file, node.getStartMark());
    }

    SourcePosition keyPosition(Node mapping, String key) {
        return ((MappingNode) mapping)
                .getValue().stream()
                        .map(NodeTuple::getKeyNode)
                        .filter(node -> node instanceof ScalarNode scalar
                                && scalar.getValue().equals(key))
                        .map(this::position)
                        .findFirst()
                        .orElseGet(() -> position(mapping));
    }

    /** True for nothing, {@code ~} and {@code null}, not quoted. */
    boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && List.of("", "~", "null").contains(scalar.getValue());
    }

    /**
     * The entries of a mapping, in order.
     *
     * @param known the keys that may stand there; null if any may
     */
    Map<String, Node> mapping(Node node, String owner, @Nullable Collection<String> known) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            problems.add(
                    position(node),
                    owner + " is " + shape(node) + ", expected a mapping"
                            + (known == null ? "" : " with " + String.join(", ", known)));
            return entries;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(
                        position(tuple.getKeyNode()),
                        "a key that is " + shape(tuple.getKeyNode()) + ", expected a name");
            } else if (known != null && !known.contains(key.getValue())) {
                problems.add(
                        position(key),
                        "unknown key " + Problems.quoted(key.getValue()) + Problems.nearest(key.getValue(), known)
                                + " in " + owner + ", expected " + Problems.oneOf(known));
            } else if (entries.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problems.add(
                        position(key),
                        "key " + Problems.quoted(key.getValue()) + " is given twice, expected it once (first in line "
                                + keyPosition(node, key.getValue()).line() + ")");
            }
        }
        return entries;
    }

    @Nullable
    List<Node> list(Node node, String owner) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        problems.add(position(node), owner + " is " + shape(node) + ", expected a list of steps");
        return null;
    }

    @Nullable
    RawValue scalar(Node node, String owner) {
        if (node instanceof ScalarNode scalar) {
            String value = isNull(node) ? "" : scalar.getValue();
            return new RawValue(
                    value,
                    position(node),
                    offset(node.getStartMark()),
                    offset(node.getEndMark()),
                    RawValue.isBlock(scalar.getScalarStyle()),
                    owner);
        }
        problems.add(position(node), owner + " is " + shape(node) + ", expected a single value");
        return null;
    }

    /** A list of scalars counts as one scalar with commas. */
    @Nullable
    RawValue scalarOrList(Node node, String owner) {
        if (!(node instanceof SequenceNode sequence)) {
            return scalar(node, owner);
        }
        List<String> parts = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            RawValue part = scalar(item, owner);
            if (part != null) {
                parts.add(part.text());
            }
        }
        return new RawValue(
                String.join(",", parts),
                position(node),
                offset(node.getStartMark()),
                offset(node.getEndMark()),
                false,
                owner);
    }

    @Nullable
    Call call(Node node) {
        if (node instanceof ScalarNode scalar) {
            return new Call(scalar.getValue(), position(node), null);
        }
        if (node instanceof MappingNode mapping
                && mapping.getValue().size() == 1
                && mapping.getValue().get(0).getKeyNode() instanceof ScalarNode name) {
            return new Call(
                    name.getValue(), position(name), mapping.getValue().get(0).getValueNode());
        }
        String found = node instanceof MappingNode mapping && mapping.getValue().size() > 1
                ? "a step with several names"
                : "a step that is " + shape(node);
        problems.add(position(node), found + ", expected a step's name, or one name with its arguments");
        return null;
    }

    private static String shape(Node node) {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        return node instanceof SequenceNode ? "a list" : "a single value";
    }

    /** Marks count code points. */
    private int offset(Optional<Mark> mark) {
        return text.offsetByCodePoints(0, mark.map(Mark::getIndex).orElse(0));
    }
}
