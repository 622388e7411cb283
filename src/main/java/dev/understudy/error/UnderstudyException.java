package dev.understudy.error;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem that a person is told of: a code, a message in PostgreSQL's style (lower case, one line, no full stop),
 * perhaps a detail and hints (whole sentences). It never holds a secret.
 */
public final class UnderstudyException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable String detail;
    private final List<String> hints;

    private UnderstudyException(Builder builder) {
        super(builder.message, builder.cause);
        this.code = builder.code;
        this.detail = builder.detail;
        this.hints = List.copyOf(builder.hints);
    }

    /** Starts an error with its message, formatted as by {@link String#format}. */
    @FormatMethod
    public static Builder of(ErrorCode code, @FormatString String message, Object... arguments) {
        return new Builder(code, String.format(message, arguments));
    }

    public ErrorCode code() {
        return code;
    }

    /** The message alone, without detail and hints; never empty. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** What is known besides; empty if there is nothing to add. */
    public String detail() {
        return detail == null ? "" : detail;
    }

    /** What to do, one whole sentence each. */
    public List<String> hints() {
        return hints;
    }

    /** The whole of it over several lines, as {@code psql} shows a server's error. */
    public String describe() {
        StringBuilder text = new StringBuilder(message());
        if (!detail().isEmpty()) {
            text.append("\nDETAIL:  ").append(detail());
        }
        hints.forEach(hint -> text.append("\nHINT:  ").append(hint));
        return text.toString();
    }

    /** Collects the parts of an error. */
    public static final class Builder {
        private final ErrorCode code;
        private final String message;
        private @Nullable String detail;
        private final List<String> hints = new ArrayList<>();
        private @Nullable Throwable cause;

        private Builder(ErrorCode code, String message) {
            this.code = code;
            this.message = message;
        }

        @FormatMethod
        public Builder detail(@FormatString String text, Object... arguments) {
            this.detail = String.format(text, arguments);
            return this;
        }

        @FormatMethod
        public Builder hint(@FormatString String text, Object... arguments) {
            hints.add(String.format(text, arguments));
            return this;
        }

        public Builder cause(Throwable throwable) {
            this.cause = throwable;
            return this;
        }

        public UnderstudyException build() {
            return new UnderstudyException(this);
        }
    }
}
