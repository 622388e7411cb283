package dev.understudy.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scalar with {@code ${name}} in it, which stands for a parameter's value; {@code $${} stands for {@code ${} itself.
 * What a value holds is never looked at again, so it can add neither structure nor references.
 */
final class Template {
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern SPECIAL = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(\\}?)");

    private final String text;

    Template(String text) {
        this.text = text;
    }

    /** Names of the parameters that it refers to, as they are spelled. */
    List<String> references() {
        List<String> names = new ArrayList<>();
        Matcher special = SPECIAL.matcher(text);
        while (special.find()) {
            if (special.group(1) != null) {
                names.add(special.group(1));
            }
        }
        return names;
    }

    /** The first reference without its closing brace. */
    Optional<String> findUnclosed() {
        Matcher special = SPECIAL.matcher(text);
        while (special.find()) {
            if (special.group(1) != null && special.group(2).isEmpty()) {
                return Optional.of(special.group());
            }
        }
        return Optional.empty();
    }

    String fill(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        Matcher special = SPECIAL.matcher(text);
        while (special.find()) {
            String value = special.group(1) == null ? "${" : values.getOrDefault(special.group(1), "");
            special.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        special.appendTail(filled);
        return filled.toString();
    }
}
