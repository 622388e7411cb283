package dev.understudy.cli.console;

/**
 * The last line of a terminal, drawn over again and again; and the lines above it, which stay. On anything but a terminal
 * there are only lines that stay. For one thread at a time.
 */
final class StatusLine {
    private static final String ERASE = "\r\u001B[2K";

    private final Console.Stream stream;
    private boolean drawn;

    StatusLine(Console.Stream stream) {
        this.stream = stream;
    }

    boolean canDraw() {
        return stream.terminal();
    }

    /** Replaces what is drawn; what does not fit is cut off, since a line that wraps could not be erased. */
    void draw(String text) {
        if (!canDraw()) {
            return;
        }
        stream.print().print(ERASE + cut(text, stream.columns() - 1));
        stream.print().flush();
        drawn = true;
    }

    void erase() {
        if (drawn) {
            stream.print().print(ERASE);
            stream.print().flush();
            drawn = false;
        }
    }

    /** A line that stays. */
    void line(String text) {
        erase();
        stream.line(text);
    }

    private static String cut(String text, int columns) {
        int length = text.codePointCount(0, text.length());
        return length <= columns ? text : text.substring(0, text.offsetByCodePoints(0, columns - 1)) + "…";
    }
}
