package dev.understudy.provision.recovery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A file of settings as PostgreSQL reads it, {@code postgresql.auto.conf} above all, whose other lines are kept as they
 * are, byte for byte: nothing says in which encoding a file is. The last of several lines for one setting counts.
 *
 * @param lines without line ends, each byte as the character of the same number
 */
public record SettingsFile(List<String> lines) {
    /**
     * All parts are taken for good ({@code *+}): to go back through a long line would take the stack, or minutes.
     *
     * <p>Source: the tokens ID, QUALIFIED_ID, EQUALS, STRING of {@code guc-file.l}; the equals sign is optional.
     */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*+([A-Za-z_][A-Za-z0-9_$]*+(?:\\.[A-Za-z_][A-Za-z0-9_$]*+)?+)\\s*+(?:=\\s*+)?+"
                    + "('(?:[^'\\\\\\n]|\\\\.|'')*+'|[^\\s#']++)\\s*+(?:#.*+)?+");

    public SettingsFile {
        lines = List.copyOf(lines);
    }

    public static SettingsFile parse(byte[] contents) {
        return new SettingsFile(
                new String(contents, StandardCharsets.ISO_8859_1).lines().toList());
    }

    /** A line of ours as {@link #lines} has it: in UTF-8, a character a byte. */
    static String asBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The contents of a file of such lines. */
    static byte[] bytes(String lines) {
        return lines.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The contents of this file. */
    public byte[] bytes() {
        return bytes(lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    /** The name that a line sets, in lower case. */
    static Optional<String> nameOf(String line) {
        Matcher matcher = ASSIGNMENT.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** What is set, in the order of the file, read as UTF-8. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = ASSIGNMENT.matcher(line);
            if (matcher.matches()) {
                String value = new String(bytes(matcher.group(2)), StandardCharsets.UTF_8);
                settings.put(matcher.group(1).toLowerCase(Locale.ROOT), GucQuote.unquote(value));
            }
        }
        return settings;
    }

    /** This file without the lines that set any of the names. */
    public SettingsFile without(Set<String> names) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            if (nameOf(line).filter(names::contains).isEmpty()) {
                kept.add(line);
            }
        }
        return new SettingsFile(kept);
    }
}
