package dev.understudy.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values by parameter name, read to their types, defaults filled in. A name that the catalogue does not have, or a value
 * of another type, is a mistake in the caller: {@link IllegalArgumentException}.
 */
public final class Arguments {
    private final Map<String, Object> values;

    Arguments(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value of a text, choice, path, slot, connection string or command. */
    public String text(String name) {
        return get(name, String.class);
    }

    public Optional<String> findText(String name) {
        return find(name, String.class);
    }

    public int integer(String name) {
        return get(name, Integer.class);
    }

    public Optional<Integer> findInteger(String name) {
        return find(name, Integer.class);
    }

    public boolean isTrue(String name) {
        return get(name, Boolean.class);
    }

    public Optional<Boolean> findFlag(String name) {
        return find(name, Boolean.class);
    }

    public Duration duration(String name) {
        return get(name, Duration.class);
    }

    /** Bytes, or bytes a second. */
    public long size(String name) {
        return get(name, Long.class);
    }

    /** Bytes, or bytes a second. */
    public Optional<Long> findSize(String name) {
        return find(name, Long.class);
    }

    /** Settings or tablespaces, in their order; empty if not given. */
    @SuppressWarnings("unchecked") // settings and tablespace maps are read to maps of strings only
    public Map<String, String> pairs(String name) {
        return (Map<String, String>) find(name, Map.class).orElse(Map.of());
    }

    /** Ids, in their order; empty if not given. */
    @SuppressWarnings("unchecked") // lists of ids are read to lists of strings only
    public List<String> names(String name) {
        return (List<String>) find(name, List.class).orElse(List.of());
    }

    private <T> T get(String name, Class<T> type) {
        return find(name, type)
                .orElseThrow(() -> new IllegalArgumentException("argument \"" + name + "\" was not given"));
    }

    private <T> Optional<T> find(String name, Class<T> type) {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("argument \"" + name + "\" is not a " + type.getSimpleName());
        }
        return Optional.ofNullable(type.cast(value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Arguments arguments && values.equals(arguments.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The names alone: values may be secret. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
