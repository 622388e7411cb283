package dev.understudy.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds passwords in text: in connection strings of either form, and in commands and comments that look like it.
 *
 * <p>Source: {@code conninfo_parse} and {@code conninfo_uri_parse_options} in {@code src/interfaces/libpq/fe-connect.c}.
 */
final class Secrets {
    /** A stretch of a text, from {@code start} up to but without {@code end}. */
    record Range(int start, int end) {}

    /** Options of libpq whose value is a secret. */
    private static final Set<String> OPTIONS =
            Set.of("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key");

    /** A key and its equals sign; the value's end is found by {@link #endOfValue}, without recursion. */
    private static final Pattern PAIR = Pattern.compile("(?i)(?<![a-z0-9])(?:[a-z_]{0,30}password|oauth_client_secret|"
            + "scram_client_key|scram_server_key)\\s*+=\\s*+");

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\\s'\"<>]*+");
    private static final Pattern TELLING_NAME = Pattern.compile("(?i).*(?:passw|secret|token).*");

    private Secrets() {}

    /** True if a parameter of this name is secret as a whole, whether its playbook says so or not. */
    static boolean isTellingName(String name) {
        return TELLING_NAME.matcher(name).matches();
    }

    /** The text without the passwords in it. */
    static String strip(String text) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        for (Range range : find(text)) {
            kept.append(text, from, range.start());
            from = range.end();
        }
        kept.append(text, from, text.length());
        return from == 0 ? text : kept.toString().strip();
    }

    /** Where passwords are, in order, not overlapping. */
    static List<Range> find(String text) {
        List<Range> ranges = new ArrayList<>();
        if (text.startsWith("postgresql://") || text.startsWith("postgres://")) {
            addUri(text, 0, text.length(), ranges);
            return ranges;
        }
        Matcher uri = URI.matcher(text);
        int from = 0;
        while (uri.find()) {
            addPairs(text, from, uri.start(), ranges);
            // A pair may have swallowed the start of what looks like a URI in its value.
            int start = Math.max(uri.start(), lastEnd(ranges));
            if (start < uri.end()) {
                addUri(text, start, uri.end(), ranges);
            }
            from = Math.max(uri.end(), lastEnd(ranges));
        }
        addPairs(text, from, text.length(), ranges);
        return ranges;
    }

    private static int lastEnd(List<Range> ranges) {
        return ranges.isEmpty() ? 0 : ranges.get(ranges.size() - 1).end();
    }

    private static void addPairs(String text, int from, int to, List<Range> ranges) {
        Matcher pair = PAIR.matcher(text);
        int at = from;
        while (at < to && pair.find(at) && pair.start() < to) {
            at = endOfValue(text, pair.end());
            ranges.add(new Range(pair.start(), at));
        }
    }

    /** Quoted values end at their quote, others at a space; a backslash takes the next character with it. */
    private static int endOfValue(String text, int start) {
        char first = start < text.length() ? text.charAt(start) : ' ';
        boolean quoted = first == '\'' || first == '"';
        for (int i = quoted ? start + 1 : start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (quoted && c == first) {
                return i + 1;
            } else if (!quoted && Character.isWhitespace(c)) {
                return i;
            }
        }
        return text.length();
    }

    private static void addUri(String text, int start, int end, List<Range> ranges) {
        int authority = text.indexOf("://", start);
        if (authority < 0 || authority + 3 > end) {
            return;
        }
        int query = text.indexOf('?', endOfCredentials(text, authority + 3, end));
        int limit = query < 0 || query > end ? end : query;
        int at = text.lastIndexOf('@', limit - 1);
        int colon = text.indexOf(':', authority + 3);
        if (at > colon && colon >= 0) {
            ranges.add(new Range(colon, at));
        }
        if (limit < end) {
            addQuery(text, limit + 1, end, ranges);
        }
    }

    /** libpq takes everything up to the first at sign as credentials if no slash comes before it. */
    private static int endOfCredentials(String text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == '@') {
                return i;
            }
            if (text.charAt(i) == '/') {
                return from;
            }
        }
        return from;
    }

    private static void addQuery(String text, int from, int end, List<Range> ranges) {
        int start = from;
        while (start < end) {
            int ampersand = text.indexOf('&', start);
            int stop = ampersand < 0 || ampersand > end ? end : ampersand;
            int equals = text.indexOf('=', start);
            if (equals > start && equals < stop && OPTIONS.contains(decoded(text.substring(start, equals)))) {
                ranges.add(new Range(start, Math.min(stop + 1, end)));
            }
            start = stop + 1;
        }
    }

    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key.strip(), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not percent-encoded as it should be: then libpq refuses it, and there is nothing to hide.
            return key;
        }
    }
}
