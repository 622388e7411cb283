package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the plain part of YAML that playbooks are written in: one document, mappings, lists and scalars. Anchors,
 * aliases and tags are refused, size and depth bounded, before any tree is built.
 */
final class YamlDocument {
    /** In characters. */
    static final int LONGEST = 256 * 1024;

    private static final int DEEPEST = 16;
    private static final int MOST_NODES = 20_000;
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setUseMarks(true).setCodePointLimit(LONGEST).build();

    private final String file;
    private final String subject;
    private final ErrorCode code;
    private final Problems problems = new Problems();
    private int depth;
    private int nodes;
    private int documents;

    private YamlDocument(String file, String subject, ErrorCode code) {
        this.file = file;
        this.subject = subject;
        this.code = code;
    }

    /**
     * The document's tree.
     *
     * @throws dev.understudy.error.UnderstudyException {@link ErrorCode#PLAYBOOK_INVALID}
     */
    static Node read(String file, String text) {
        return read(file, text, "playbook", ErrorCode.PLAYBOOK_INVALID);
    }

    /**
     * The tree of a document that is something else than a playbook.
     *
     * @param subject what messages call it: {@code policy}
     * @param code what a problem is thrown as
     */
    static Node read(String file, String text, String subject, ErrorCode code) {
        return new YamlDocument(file, subject, code).read(text);
    }

    static SourcePosition position(String file, Optional<Mark> mark) {
        return new SourcePosition(
                file,
                mark.map(Mark::getLine).orElse(0) + 1,
                mark.map(Mark::getColumn).orElse(0) + 1);
    }

    private Node read(String text) {
        if (text.length() > LONGEST) {
            refuse(Optional.empty(), "the " + subject + " is too long, expected at most " + LONGEST + " characters");
        }
        try {
            checkEvents(text);
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isPresent()) {
                return root.get();
            }
        } catch (MarkedYamlEngineException e) {
            refuse(
                    e.getProblemMark().or(e::getContextMark),
                    "not valid YAML: " + Problems.quoted(e.getProblem()) + ", expected a " + subject);
        } catch (org.snakeyaml.engine.v2.exceptions.YamlEngineException | IndexOutOfBoundsException e) {
            refuse(
                    Optional.empty(),
                    "not valid YAML: " + Problems.quoted(String.valueOf(e.getMessage())) + ", expected a " + subject);
        }
        refuse(
                Optional.empty(),
                "the " + subject + " is empty, expected "
                        + (subject.equals("playbook") ? "\"understudy: 1\" and its steps" : "its keys"));
        throw new IllegalStateException("refuse throws");
    }

    private void checkEvents(String text) {
        for (Event event : new Parse(SETTINGS).parseString(text)) {
            check(event);
        }
    }

    private void check(Event event) {
        if (event instanceof AliasEvent) {
            refuse(event.getStartMark(), "an alias, expected plain YAML without anchors, aliases and tags");
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            refuse(event.getStartMark(), "an anchor, expected plain YAML without anchors, aliases and tags");
        }
        boolean tagged = event instanceof ScalarEvent scalar && scalar.getTag().isPresent()
                || event instanceof CollectionStartEvent start && start.getTag().isPresent();
        if (tagged) {
            refuse(event.getStartMark(), "a tag, expected plain YAML without anchors, aliases and tags");
        }
        if (event instanceof DocumentStartEvent && ++documents > 1) {
            refuse(event.getStartMark(), "a second document, expected one");
        }
        if (event instanceof NodeEvent && ++nodes > MOST_NODES) {
            refuse(event.getStartMark(), "too many values, expected at most " + MOST_NODES);
        }
        if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
            refuse(event.getStartMark(), "too deeply nested, expected at most " + DEEPEST + " levels");
        }
        if (event instanceof CollectionEndEvent) {
            depth--;
        }
    }

    private void refuse(Optional<Mark> mark, String text) {
        problems.add(position(file, mark), text);
        problems.throwIfAny(code);
    }
}
