package dev.understudy.plan;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a playbook declares.
 *
 * @param name as given with {@code -e}
 * @param defaultText its value if none is given; null if it has none and then counts as empty
 * @param secret true if its value must not be written to disk at all
 * @param position where it is declared
 */
public record PlaybookParameter(
        String name,
        String description,
        boolean required,
        @Nullable String defaultText,
        boolean secret,
        SourcePosition position) {
    public Optional<String> findDefault() {
        return Optional.ofNullable(defaultText);
    }
}
