package dev.understudy.provision.recovery;

/**
 * Quotes a value for {@code postgresql.conf}, {@code postgresql.auto.conf} and {@code recovery.conf}.
 *
 * <p>Source: {@code GUC_scanstr} in {@code src/backend/utils/misc/guc-file.l}: within single quotes a quote is doubled, a
 * backslash starts an escape, and a newline cannot stand.
 */
public final class GucQuote {
    private GucQuote() {}

    public static String quote(String value) {
        return "'"
                + value.replace("\\", "\\\\")
                        .replace("'", "''")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + "'";
    }

    /** Reads back what {@link #quote} or PostgreSQL wrote, quotes or none. */
    public static String unquote(String text) {
        if (text.length() < 2 || text.charAt(0) != '\'' || text.charAt(text.length() - 1) != '\'') {
            return text;
        }
        StringBuilder value = new StringBuilder();
        String inner = text.substring(1, text.length() - 1);
        for (int i = 0; i < inner.length(); i++) {
            char character = inner.charAt(i);
            boolean escape = (character == '\\' || character == '\'') && i + 1 < inner.length();
            if (!escape) {
                value.append(character);
                continue;
            }
            char next = inner.charAt(++i);
            value.append(character == '\'' ? '\'' : unescape(next));
        }
        return value.toString();
    }

    private static char unescape(char letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
