package dev.understudy.provision.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages of a starting standby's log that tell a person why it is not open yet, or why it never will be. Patterns are
 * data; a later line of a log outranks an earlier one.
 *
 * @param kind what it means for the wait
 * @param text what to tell people
 */
public record StartupMessage(Kind kind, String text) {
    /** What a message means for whoever waits. */
    public enum Kind {
        /** The server works on it. */
        PROGRESS,
        /** The server waits for something that others must give. */
        WAITING,
        /** The server will not open. */
        FATAL
    }

    private record Row(Pattern pattern, Kind kind, String text) {
        Row(String pattern, Kind kind, String text) {
            this(Pattern.compile(pattern), kind, text);
        }
    }

    /** Source: {@code src/backend/access/transam/xlog.c}, {@code xlogrecovery.c}, {@code walreceiver.c}; 9.6 to 18. */
    private static final List<Row> ROWS = List.of(
            new Row("PANIC:\\s+(.*)", Kind.FATAL, "$1"),
            new Row(
                    "FATAL:\\s+(?!the database system is|could not (?:connect|receive|send|start)|terminating walreceiver)(.*)",
                    Kind.FATAL,
                    "$1"),
            new Row(
                    "(?:ERROR|FATAL):\\s+(?:could not receive data from WAL stream: (?:ERROR|FATAL):\\s+)(requested WAL segment \\S+ has already been removed)",
                    Kind.WAITING,
                    "$1"),
            new Row(
                    "FATAL:\\s+(?:could not connect to the primary server|terminating walreceiver)[^:]*:?\\s*(.*)",
                    Kind.WAITING,
                    "the connection to the primary: $1"),
            new Row(
                    "syncing data directory \\(\\w+\\), elapsed time: (\\S+ s), current path: (.*)",
                    Kind.PROGRESS,
                    "flushing the data directory before recovery, $1 so far, at $2"),
            new Row("waiting for WAL to become available at (\\S+)", Kind.WAITING, "WAL at $1"),
            new Row(
                    "redo in progress, elapsed time: (\\S+ s), current LSN: (\\S+)",
                    Kind.PROGRESS,
                    "replaying WAL at $2"),
            new Row("redo starts at (\\S+)", Kind.PROGRESS, "replaying WAL from $1"),
            new Row(
                    "restored log file \"(\\S+)\" from archive",
                    Kind.PROGRESS,
                    "replaying segment $1 from the archive"),
            new Row("started streaming WAL from primary at (\\S+)", Kind.PROGRESS, "replaying WAL streamed from $1"),
            new Row("consistent recovery state reached at (\\S+)", Kind.PROGRESS, "consistent at $1, opening"),
            new Row("entering standby mode", Kind.PROGRESS, "entering standby mode"));

    /** What the newest telling line of a log says. */
    public static Optional<StartupMessage> newest(String log) {
        List<String> lines = new ArrayList<>(log.lines().toList());
        for (int i = lines.size() - 1; i >= 0; i--) {
            Optional<StartupMessage> message = interpret(lines.get(i));
            if (message.isPresent()) {
                return message;
            }
        }
        return Optional.empty();
    }

    /** What one line says, if it tells anything. */
    static Optional<StartupMessage> interpret(String line) {
        for (Row row : ROWS) {
            Matcher matcher = row.pattern().matcher(line);
            if (matcher.find()) {
                StringBuilder text = new StringBuilder();
                matcher.appendReplacement(text, row.text());
                return Optional.of(new StartupMessage(
                        row.kind(), text.substring(matcher.start()).strip()));
            }
        }
        return Optional.empty();
    }
}
