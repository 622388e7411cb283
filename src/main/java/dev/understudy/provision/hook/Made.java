package dev.understudy.provision.hook;

import java.util.regex.Pattern;

/**
 * Something that a hook made and that its clean-up takes back.
 *
 * @param kind what it is, a word of the hook's own: {@code snapshot}, {@code volume}, {@code mount}
 * @param id what its provider calls it, one line
 */
public record Made(String kind, String id) {
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

    public Made {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException(
                    "\"kind\" is \"" + kind + "\", expected a word of lower-case letters, digits, - and _");
        }
        if (id.isBlank() || id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("\"id\" of a " + kind + " is empty or has a control character in it");
        }
    }

    /** As a hook's environment has it, and as people read it: {@code snapshot snap-0a1b}. */
    @Override
    public String toString() {
        return kind + " " + id;
    }
}
