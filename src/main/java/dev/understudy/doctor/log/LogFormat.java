package dev.understudy.doctor.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The three formats of a server's log. Statements, queries and contexts are left out everywhere: they hold other people's
 * data.
 *
 * <p>Source: {@code send_message_to_server_log} in {@code elog.c}, {@code csvlog.c}, {@code jsonlog.c}.
 */
enum LogFormat {
    STDERR("stderr") {
        @Override
        List<LogLine> read(String text) {
            return stderr(text);
        }
    },
    CSVLOG("csvlog") {
        @Override
        List<LogLine> read(String text) {
            return csv(text);
        }
    },
    JSONLOG("jsonlog") {
        @Override
        List<LogLine> read(String text) {
            return json(text);
        }
    };

    /** Whatever log_line_prefix is, then the severity in any language, a colon and two spaces. */
    private static final Pattern LINE =
            Pattern.compile("^(.*?)([\\p{Lu}][\\p{Lu}\\p{M}0-9]{2,20}|[\\p{IsHan}]{2,6}|" + "[\\p{L}]{3,12}):  (.*)$");

    private static final Pattern TIME = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: [A-Z+-][A-Z0-9:+-]*)?|\\b\\d{10}\\.\\d{3}\\b");

    private static final Pattern STATE = Pattern.compile("(?<![0-9A-Z])([0-9A-Z]{5})(?![0-9A-Za-z])");

    /** SQLSTATE classes, so that another word of five characters in a prefix is not taken for one. */
    private static final Set<String> CLASSES = Set.of(
            "00", "01", "08", "22", "23", "25", "28", "3D", "40", "42", "53", "54", "55", "57", "58", "F0", "P0", "XX");

    private static final Set<String> LEFT_OUT = Set.of("STATEMENT", "CONTEXT", "QUERY", "LOCATION", "BACKTRACE");

    /** Columns of the CSV format that every major has at the same place. */
    private static final int CSV_TIME = 0;

    private static final int CSV_SEVERITY = 11;
    private static final int CSV_STATE = 12;
    private static final int CSV_MESSAGE = 13;
    private static final int CSV_DETAIL = 14;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String printed;

    LogFormat(String printed) {
        this.printed = printed;
    }

    String printed() {
        return printed;
    }

    /** The messages of a text in this format, in order. What cannot be understood is left out. */
    abstract List<LogLine> read(String text);

    /** Tells the format of a log by its name, then by its contents. */
    static LogFormat of(String file, String text) {
        if (file.endsWith(".csv")) {
            return CSVLOG;
        }
        if (file.endsWith(".json") || text.stripLeading().startsWith("{\"timestamp\"")) {
            return JSONLOG;
        }
        boolean csv = text.lines()
                .limit(20)
                .anyMatch(line ->
                        line.matches("\\d{4}-\\d\\d-\\d\\d [0-9:.]+ [^,\"]+,(?:\"[^\"]*\")?,(?:\"[^\"]*\")?,\\d+,.*"));
        return csv ? CSVLOG : STDERR;
    }

    private static List<LogLine> stderr(String text) {
        List<LogLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("\t") && !lines.isEmpty()) {
                // A message of several lines goes on behind a tab.
                LogLine last = lines.remove(lines.size() - 1);
                lines.add(new LogLine(
                        last.number(),
                        last.time(),
                        last.severity(),
                        last.sqlState(),
                        (last.message() + " " + line.strip()).strip()));
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                String prefix = matcher.group(1);
                lines.add(new LogLine(
                        number,
                        first(TIME, prefix),
                        matcher.group(2),
                        state(prefix),
                        matcher.group(3).strip()));
            }
        }
        lines.removeIf(line -> LEFT_OUT.contains(line.severity()));
        return lines;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static String state(String prefix) {
        Matcher matcher = STATE.matcher(TIME.matcher(prefix).replaceAll(" "));
        while (matcher.find()) {
            String state = matcher.group(1);
            // A process id has five digits, too; 00000 and the like say nothing anyway.
            if (CLASSES.contains(state.substring(0, 2))
                    && (!state.matches("\\d+") || state.startsWith("53") || state.startsWith("40"))) {
                return state;
            }
        }
        return "";
    }

    private static List<LogLine> csv(String text) {
        List<LogLine> lines = new ArrayList<>();
        CsvRecords records = new CsvRecords(text);
        while (records.next()) {
            List<String> fields = records.fields();
            if (fields.size() <= CSV_DETAIL) {
                continue;
            }
            LogLine line = new LogLine(
                    records.line(),
                    fields.get(CSV_TIME),
                    fields.get(CSV_SEVERITY),
                    fields.get(CSV_STATE),
                    oneLine(fields.get(CSV_MESSAGE)));
            lines.add(line);
            if (!fields.get(CSV_DETAIL).isEmpty()) {
                lines.add(new LogLine(
                        line.number(), line.time(), "DETAIL", line.sqlState(), oneLine(fields.get(CSV_DETAIL))));
            }
        }
        return lines;
    }

    private static List<LogLine> json(String text) {
        List<LogLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            JsonNode node;
            try {
                node = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                // The first line of a tail is cut, and the collector's own output may stand in between.
                continue;
            }
            if (node == null || !node.has("message")) {
                continue;
            }
            String time = node.path("timestamp").asText();
            String severity = node.path("error_severity").asText();
            String state = node.path("state_code").asText();
            lines.add(new LogLine(
                    number, time, severity, state, oneLine(node.path("message").asText())));
            if (node.has("detail")) {
                lines.add(new LogLine(
                        number,
                        time,
                        "DETAIL",
                        state,
                        oneLine(node.path("detail").asText())));
            }
        }
        return lines;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\n\\s*", " ").strip();
    }
}
