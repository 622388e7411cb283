package dev.understudy.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a step or a section can be told.
 *
 * @param name as in the playbook
 * @param defaultText what holds if it is not given, as a playbook would write it; null if nothing does
 * @param required true if it must be given
 * @param summary one sentence
 */
public record Parameter(
        String name, ParameterType type, @Nullable String defaultText, boolean required, String summary) {
    static Parameter required(String name, ParameterType type, String summary) {
        return new Parameter(name, type, null, true, summary);
    }

    static Parameter optional(String name, ParameterType type, String summary) {
        return new Parameter(name, type, null, false, summary);
    }

    static Parameter withDefault(String name, ParameterType type, String defaultText, String summary) {
        return new Parameter(name, type, defaultText, false, summary);
    }

    public Optional<String> findDefault() {
        return Optional.ofNullable(defaultText);
    }
}
