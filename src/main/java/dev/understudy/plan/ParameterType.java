package dev.understudy.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What values a parameter takes: how they are read from a scalar, and how that is said to people and to editors. */
public sealed interface ParameterType
        permits Named,
                ParameterType.Text,
                ParameterType.Whole,
                ParameterType.Flag,
                ParameterType.Choice,
                ParameterType.Span,
                ParameterType.Size,
                ParameterType.Rate,
                ParameterType.Settings,
                ParameterType.TablespaceMap,
                ParameterType.ConnectionString,
                ParameterType.CommandLine {
    /** The type's name for the reference page: {@code duration}. */
    String name();

    /** What a message says was expected, after "expected": {@code a whole number from 1 to 64}. */
    String expected();

    /**
     * Reads a value.
     *
     * @param text not empty
     * @return empty if the text is not of this type
     */
    Optional<Object> find(String text);

    /** The JSON Schema of the scalars that it reads. Whatever the schema refuses {@link #find} refuses too. */
    Map<String, Object> schema();

    /** One line of text; {@link String}. */
    record Text() implements ParameterType {
        @Override
        public String name() {
            return "text";
        }

        @Override
        public String expected() {
            return "one line of text";
        }

        @Override
        public Optional<Object> find(String text) {
            return text.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** A whole number within bounds; {@link Integer}. */
    record Whole(int least, int most) implements ParameterType {
        @Override
        public String name() {
            return "integer";
        }

        @Override
        public String expected() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public Optional<Object> find(String text) {
            if (!text.matches("[0-9]{1,9}")) {
                return Optional.empty();
            }
            int number = Integer.parseInt(text);
            return least <= number && number <= most ? Optional.of(number) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.numberOrText(least, most, "^[0-9]{1,9}$");
        }
    }

    /** {@code true} or {@code false}, as PostgreSQL reads them; {@link Boolean}. */
    record Flag() implements ParameterType {
        private static final List<String> TRUE = List.of("true", "on", "yes", "1");
        private static final List<String> FALSE = List.of("false", "off", "no", "0");

        @Override
        public String name() {
            return "boolean";
        }

        @Override
        public String expected() {
            return "true or false";
        }

        @Override
        public Optional<Object> find(String text) {
            if (TRUE.contains(text)) {
                return Optional.of(true);
            }
            return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            List<Object> values = new ArrayList<>(List.of(true, false, 0, 1));
            values.addAll(TRUE);
            values.addAll(FALSE);
            return Schemas.oneOfOrReference(values);
        }
    }

    /** One of a few words; {@link String}. */
    record Choice(List<String> values) implements ParameterType {
        public Choice {
            values = List.copyOf(values);
        }

        static Choice of(String... values) {
            return new Choice(Arrays.asList(values));
        }

        @Override
        public String name() {
            return String.join(", ", values);
        }

        @Override
        public String expected() {
            return "one of: " + String.join(", ", values);
        }

        @Override
        public Optional<Object> find(String text) {
            return values.contains(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.oneOfOrReference(values);
        }
    }

    /** A length of time above zero, as in PostgreSQL's settings, and {@code m} for minutes; {@link java.time.Duration}. */
    record Span() implements ParameterType {
        @Override
        public String name() {
            return "duration";
        }

        @Override
        public String expected() {
            return "a duration with its unit (ms, s, min or m, h, d), such as 500ms or 10min";
        }

        @Override
        public Optional<Object> find(String text) {
            return Quantities.findDuration(text).map(Object.class::cast);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern(Quantities.DURATION);
        }
    }

    /** A number of bytes, as in PostgreSQL's settings: powers of 1024; {@link Long}. */
    record Size() implements ParameterType {
        @Override
        public String name() {
            return "size";
        }

        @Override
        public String expected() {
            return "a size with its unit (B, kB, MB, GB, TB), such as 64MB";
        }

        @Override
        public Optional<Object> find(String text) {
            return Quantities.findSize(text).map(Object.class::cast);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern(Quantities.SIZE);
        }
    }

    /** Bytes a second above zero, {@code 64MB} or {@code 64MB/s}; {@link Long}. */
    record Rate() implements ParameterType {
        @Override
        public String name() {
            return "size a second";
        }

        @Override
        public String expected() {
            return "a size a second with its unit (B, kB, MB, GB, TB), such as 64MB";
        }

        @Override
        public Optional<Object> find(String text) {
            String size = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
            return Quantities.findSize(size).filter(bytes -> bytes > 0).map(Object.class::cast);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern(Pattern.compile(Quantities.SIZE.pattern() + "(?:/s)?"));
        }
    }

    /** Lines of {@code NAME=VALUE}; a {@link Map} of strings in their order. */
    record Settings() implements ParameterType {
        @Override
        public String name() {
            return "NAME=VALUE lines";
        }

        @Override
        public String expected() {
            return "NAME=VALUE lines, each name once";
        }

        @Override
        public Optional<Object> find(String text) {
            return Pairs.findSettings(text).map(Object.class::cast);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** {@code OLD=NEW}, comma-separated, absolute directories; a {@link Map} of strings in their order. */
    record TablespaceMap() implements ParameterType {
        @Override
        public String name() {
            return "OLD=NEW, comma-separated";
        }

        @Override
        public String expected() {
            return "OLD=NEW with absolute directories, comma-separated, each once (\\= and \\, stand for the characters)";
        }

        @Override
        public Optional<Object> find(String text) {
            return Pairs.findTablespaces(text).map(Object.class::cast);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** A libpq connection string or URI; {@link String}. Its passwords never reach the disk. */
    record ConnectionString() implements ParameterType {
        @Override
        public String name() {
            return "connection string";
        }

        @Override
        public String expected() {
            return "a libpq connection string (key=value pairs) or a postgresql:// URI";
        }

        @Override
        public Optional<Object> find(String text) {
            boolean uri = text.startsWith("postgresql://") || text.startsWith("postgres://");
            boolean oneLine = text.chars().noneMatch(Character::isISOControl);
            return oneLine && (uri || text.contains("=")) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }

    /** A command line for a POSIX shell, or the path of a script; {@link String}. */
    record CommandLine() implements ParameterType {
        @Override
        public String name() {
            return "command";
        }

        @Override
        public String expected() {
            return "a shell command";
        }

        @Override
        public Optional<Object> find(String text) {
            return text.isBlank() || text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.scalar();
        }
    }
}
