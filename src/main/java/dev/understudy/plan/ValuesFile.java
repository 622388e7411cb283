package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A small YAML file that is no playbook: known keys on top, each a mapping of names to values, or a list of words.
 * Whatever is wrong with it is collected, with line and column, and thrown at once by {@link #complete}.
 */
public final class ValuesFile {
    /** A value, and where it stands. */
    public record Value(String text, SourcePosition position) {}

    private final String subject;
    private final ErrorCode code;
    private final Problems problems = new Problems();
    private final NodeReader nodes;
    private final Map<String, Node> keys;

    private ValuesFile(String file, String text, String subject, ErrorCode code, Collection<String> known) {
        this.subject = subject;
        this.code = code;
        this.nodes = new NodeReader(file, text, problems);
        this.keys = nodes.mapping(YamlDocument.read(file, text, subject, code), "the " + subject, known);
    }

    /**
     * Reads a file.
     *
     * @param file how messages call it
     * @param subject what it is, for messages: {@code policy}
     * @param code what its problems are thrown as
     * @param known the keys that may stand on top
     * @throws dev.understudy.error.UnderstudyException {@code code} if it is no YAML
     */
    public static ValuesFile read(String file, String text, String subject, ErrorCode code, Collection<String> known) {
        return new ValuesFile(file, text, subject, code, known);
    }

    /** The values under a key; empty if it is not there. Names that are not known become problems. */
    public Map<String, Value> values(String key, Collection<String> known) {
        Map<String, Value> values = new LinkedHashMap<>();
        Node node = keys.get(key);
        if (node == null || nodes.isNull(node)) {
            return values;
        }
        nodes.mapping(node, key, known)
                .forEach((name, value) -> Optional.ofNullable(nodes.scalar(value, key + "." + name))
                        .ifPresent(raw -> values.put(name, new Value(raw.text(), raw.position()))));
        return values;
    }

    /** The words of a list under a key; empty if it is not there. Words that are not known become problems. */
    public List<String> words(String key, Collection<String> known) {
        List<String> words = new ArrayList<>();
        Node node = keys.get(key);
        if (node == null || nodes.isNull(node)) {
            return words;
        }
        if (!(node instanceof SequenceNode sequence)) {
            problems.add(nodes.position(node), key + " is not a list, expected a list of words");
            return words;
        }
        for (Node item : sequence.getValue()) {
            RawValue word = nodes.scalar(item, key);
            if (word != null && known.contains(word.text())) {
                words.add(word.text());
            } else if (word != null) {
                problems.add(
                        word.position(),
                        "unknown word " + Problems.quoted(word.text()) + Problems.nearest(word.text(), known) + " in "
                                + key + ", expected " + Problems.oneOf(known));
            }
        }
        return words;
    }

    /** The value of a key on top. */
    public Optional<Value> value(String key) {
        Node node = keys.get(key);
        return node == null
                ? Optional.empty()
                : Optional.ofNullable(nodes.scalar(node, key)).map(raw -> new Value(raw.text(), raw.position()));
    }

    /** Notes that a value is not what was expected. */
    public void refuse(String name, Value value, String expected) {
        problems.add(
                value.position(), name + ": " + Problems.quoted(value.text()) + " is not valid, expected " + expected);
    }

    /** Notes that a key is missing. */
    public void miss(String key, String expected) {
        problems.add(nodes.top(), "the " + subject + " has no \"" + key + "\", expected " + expected);
    }

    /** Throws if anything is wrong. */
    public void complete() {
        problems.throwIfAny(code);
    }
}
