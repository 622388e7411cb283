package dev.understudy.plan;

import java.util.List;
import java.util.Map;

/** A playbook as read, its parameters' values not yet put in. */
public final class Playbook {
    private final String file;
    private final String text;
    private final String name;
    private final String description;
    private final List<PlaybookParameter> parameters;

    Playbook(String file, String text, String name, String description, List<PlaybookParameter> parameters) {
        this.file = file;
        this.text = text;
        this.name = name;
        this.description = description;
        this.parameters = List.copyOf(parameters);
    }

    /**
     * Reads a playbook.
     *
     * @param file how positions name it
     * @throws dev.understudy.error.UnderstudyException {@code PLAYBOOK_INVALID}
     */
    public static Playbook read(String file, String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * Puts values in.
     *
     * @param given what was given with {@code -e}
     * @throws dev.understudy.error.UnderstudyException {@code PARAMETER_INVALID}, {@code PLAYBOOK_INVALID}
     */
    public Plan resolve(Map<String, String> given) {
        throw new UnsupportedOperationException();
    }

    /** How positions name it. */
    public String file() {
        return file;
    }

    /** The text that was read. */
    public String text() {
        return text;
    }

    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    /** In the order of their declaration. */
    public List<PlaybookParameter> parameters() {
        return parameters;
    }
}
