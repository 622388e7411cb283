package dev.understudy.report;

/** Makes foreign text safe to show: a server's message or a file's name may hold anything, terminal commands too. */
public final class Printable {
    private Printable() {}

    /** On one line: line breaks and other control characters become {@code \n}, {@code \x1b} and the like. */
    public static String line(String text) {
        return escape(text, false);
    }

    /** Line breaks stay; other control characters are written out. */
    public static String lines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean keepLineBreaks) {
        if (text.codePoints().noneMatch(Printable::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '\n') {
                safe.append(keepLineBreaks ? "\n" : "\\n");
            } else if (point == '\t') {
                safe.append("    ");
            } else if (isUnsafe(point)) {
                safe.append(point < 0x100 ? "\\x%02x".formatted(point) : "\\u%04x".formatted(point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /** Controls, and the marks that turn the direction of text around. */
    private static boolean isUnsafe(int point) {
        return Character.isISOControl(point)
                || point >= 0x202A && point <= 0x202E
                || point >= 0x2066 && point <= 0x2069;
    }
}
