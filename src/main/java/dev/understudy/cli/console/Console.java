package dev.understudy.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The standard streams and what they can show.
 *
 * @param out standard output
 * @param err standard error
 */
public record Console(Stream out, Stream err) {
    private static final int DEFAULT_COLUMNS = 80;

    /**
     * One of the two streams.
     *
     * @param print where to write, as UTF-8
     * @param terminal whether a person sees it at once, so that lines may be drawn over
     * @param colour whether colours may be used
     * @param columns width of the terminal; lines that are drawn over stay within it
     */
    public record Stream(PrintStream print, boolean terminal, boolean colour, int columns) {
        /** A stream that goes to a file, a pipe or a test. */
        public static Stream plain(PrintStream print) {
            return new Stream(print, false, false, DEFAULT_COLUMNS);
        }

        public void line(String text) {
            print.println(text);
            print.flush();
        }
    }

    /** The process's own streams. Which of them is a terminal the launcher says, because Java cannot tell them apart. */
    public static Console system() {
        Map<String, String> environment = System.getenv();
        String terminals = System.getProperty("understudy.terminal", "");
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Console(
                system(FileDescriptor.out, terminals.contains("out"), colour),
                system(FileDescriptor.err, terminals.contains("err"), colour));
    }

    private static Stream system(FileDescriptor descriptor, boolean terminal, boolean colour) {
        PrintStream print = new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
        int columns = Integer.getInteger("understudy.columns", DEFAULT_COLUMNS);
        return new Stream(print, terminal, terminal && colour, Math.max(columns, 40));
    }

    /** Where people are spoken to: standard error when standard output carries JSON. */
    public Stream people(Format format) {
        return switch (format) {
            case TEXT, HTML -> out;
            case JSON -> err;
        };
    }
}
