package dev.understudy.postgres;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that was looked at: its value, or the reason why it could not be told. Unlike an empty {@link Optional} it
 * never loses that reason.
 *
 * @param <T> type of the value
 */
public final class Known<T> {
    private final @Nullable T value;
    private final String reason;

    private Known(@Nullable T value, String reason) {
        this.value = value;
        this.reason = reason;
    }

    public static <T> Known<T> of(T value) {
        return new Known<>(value, "");
    }

    /** What could not be told. The reason fits after "because" or a colon: lower case, no full stop, no secret. */
    public static <T> Known<T> unknown(String reason) {
        return new Known<>(null, reason);
    }

    public boolean isKnown() {
        return value != null;
    }

    public Optional<T> value() {
        return Optional.ofNullable(value);
    }

    public T orElse(T other) {
        return value == null ? other : value;
    }

    /** Why the value is not known; empty if it is. */
    public String reason() {
        return reason;
    }

    /** Whether the value is known and equal to {@code other}. */
    public boolean is(T other) {
        return Objects.equals(value, other);
    }

    public <R> R match(Function<? super T, ? extends R> known, Function<String, ? extends R> unknown) {
        return value == null ? unknown.apply(reason) : known.apply(value);
    }

    public <R> Known<R> map(Function<? super T, ? extends R> function) {
        return value == null ? unknown(reason) : of(function.apply(value));
    }

    public <R> Known<R> flatMap(Function<? super T, Known<R>> function) {
        return value == null ? unknown(reason) : function.apply(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Known<?> that && Objects.equals(value, that.value) && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, reason);
    }

    @Override
    public String toString() {
        return value == null ? "unknown (" + reason + ")" : String.valueOf(value);
    }
}
