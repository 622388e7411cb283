package dev.understudy.report;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published part of a run, read with care: a name may be missing, or hold another type than expected, and then counts
 * as not there.
 */
public record Section(Map<String, ?> content) {
    public boolean isEmpty() {
        return content.isEmpty();
    }

    public Optional<String> text(String name) {
        Object value = content.get(name);
        return value == null || value instanceof Map || value instanceof List
                ? Optional.empty()
                : Optional.of(String.valueOf(value));
    }

    public Optional<Number> number(String name) {
        return content.get(name) instanceof Number number ? Optional.of(number) : Optional.empty();
    }

    public long count(String name) {
        return number(name).map(Number::longValue).orElse(0L);
    }

    public Optional<Boolean> flag(String name) {
        return content.get(name) instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
    }

    public Optional<Lsn> lsn(String name) {
        return text(name).flatMap(Section::parseLsn);
    }

    /** A part within the part; empty if there is none. */
    @SuppressWarnings("unchecked")
    public Section section(String name) {
        return content.get(name) instanceof Map<?, ?> map
                ? new Section((Map<String, ?>) map)
                : new Section(Map.<String, Object>of());
    }

    @SuppressWarnings("unchecked")
    public List<Section> sections(String name) {
        if (!(content.get(name) instanceof List<?> elements)) {
            return List.of();
        }
        return elements.stream()
                .filter(Map.class::isInstance)
                .map(element -> new Section((Map<String, ?>) element))
                .toList();
    }

    /** A list of scalars as texts. */
    public List<String> texts(String name) {
        return content.get(name) instanceof List<?> elements
                ? elements.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Optional<Lsn> parseLsn(String text) {
        try {
            return Optional.of(Lsn.parse(text));
        } catch (UnderstudyException notAnLsn) {
            return Optional.empty();
        }
    }
}
