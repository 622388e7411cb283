package dev.understudy.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code key = 'value'} pairs. Source: {@code conninfo_parse} in {@code fe-connect.c}. */
final class ConninfoKeywords {
    private final String text;
    private int at;
    /** Words behind a secret's value may be the rest of it, if it has a blank and lacks the quotes. */
    private boolean secretSeen;

    ConninfoKeywords(String text) {
        this.text = text;
    }

    Map<String, String> parse() {
        Map<String, String> values = new LinkedHashMap<>();
        skipBlanks();
        while (at < text.length()) {
            String name = name();
            String value = value();
            if (ConninfoOption.find(name).isEmpty()) {
                throw Conninfo.invalid("invalid connection option " + shown(name));
            }
            secretSeen |=
                    ConninfoOption.find(name).filter(ConninfoOption::secret).isPresent();
            values.put(name, value);
            skipBlanks();
        }
        return values;
    }

    private String name() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !blankHere()) {
            at++;
        }
        String name = text.substring(start, at);
        skipBlanks();
        if (at >= text.length() || text.charAt(at) != '=') {
            throw Conninfo.invalid("missing \"=\" after " + shown(name) + " in connection string");
        }
        at++;
        skipBlanks();
        return name;
    }

    private String shown(String word) {
        return secretSeen ? "a word behind a secret, which needs quotes if it has blanks" : quoted(word);
    }

    private static String quoted(String word) {
        return '"' + Conninfo.redacted(word) + '"';
    }

    private String value() {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        if (quoted) {
            at++;
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char next = text.charAt(at);
            if (quoted ? next == '\'' : blankHere()) {
                break;
            }
            at++;
            if (next != '\\') {
                value.append(next);
            } else if (at < text.length()) {
                value.append(text.charAt(at++));
            }
        }
        if (quoted) {
            if (at >= text.length()) {
                throw Conninfo.invalid("unterminated quoted string in connection string");
            }
            at++;
        }
        return value.toString();
    }

    private void skipBlanks() {
        while (at < text.length() && blankHere()) {
            at++;
        }
    }

    /** C's isspace. */
    private boolean blankHere() {
        return " \t\n\r\f\u000B".indexOf(text.charAt(at)) >= 0;
    }
}
